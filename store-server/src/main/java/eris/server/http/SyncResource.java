package eris.server.http;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.server.access.Account;
import eris.server.access.Gate;
import eris.server.access.Permission;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.store.BlockInventory;
import eris.stores.sync.Direction;
import eris.stores.sync.Responder;
import eris.stores.sync.SyncListener;
import eris.stores.sync.SyncedStore;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Turns a connection into a session between two stores, in which the daemon answers
/// (`docs/formats/sync.md`): `GET /eris/v1/sync` with `Upgrade: eris-sync`.
final class SyncResource implements Resource {
  static final String PATH = "/eris/v1/sync";

  private static final String PROTOCOL = "eris-sync";

  private final BlockService blocks;
  private final Gate gate;
  private final Streams streams;
  private final HttpSettings by;

  SyncResource(BlockService blocks, Gate gate, Streams streams, HttpSettings by) {
    this.blocks = blocks;
    this.gate = gate;
    this.streams = streams;
    this.by = by;
  }

  @Override
  public void handle(Exchange exchange) {
    if (!exchange.method().equals(HttpMethod.GET)) {
      exchange.refuseMethod("GET");
    } else if (!wantsSession(exchange)) {
      exchange.answer(
          Answer.line(HttpResponseStatus.UPGRADE_REQUIRED, "want Upgrade: " + PROTOCOL)
              .with(HttpHeaderNames.UPGRADE, PROTOCOL)
              .with(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE));
    } else if (blocks.store() instanceof BlockInventory inventory) {
      exchange.admit(
          gate, exchange.isTrusted(by), Permission.SYNC, _ -> begin(exchange, inventory));
    } else {
      exchange.refuse(
          HttpResponseStatus.NOT_IMPLEMENTED, "the store here cannot tell what it holds");
    }
  }

  private static boolean wantsSession(Exchange exchange) {
    HttpHeaders headers = exchange.headers();
    return exchange.canUpgrade()
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && headers.containsValue(HttpHeaderNames.UPGRADE, PROTOCOL, true);
  }

  private void begin(Exchange exchange, BlockInventory inventory) {
    Set<Direction> allowed = EnumSet.of(Direction.PULL);
    Optional<Account> payer = Optional.empty();
    if (exchange.mayPut(by)
        && exchange.decide(gate, exchange.putsFreely(by), Permission.PUT)
            instanceof Gate.Decision.Welcome(var account)) {
      allowed.add(Direction.PUSH);
      payer = account;
    }
    var store =
        new SyncedStore(
            new PaidStore(blocks, new Payer(gate.budgets(), payer)), inventory, new Counting());
    Conversation.upgrade(
        exchange,
        streams,
        by.limits().streams(),
        new DefaultHttpHeaders()
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
            .set(HttpHeaderNames.UPGRADE, PROTOCOL),
        (in, out) -> new Responder(store, allowed, in, out).run());
  }

  /// What comes is counted where it is stored.
  private final class Counting implements SyncListener {
    @Override
    public void sent(BlockSize size) {
      blocks.counts().sent();
    }

    @Override
    public void received(BlockSize size) {}

    @Override
    public void corrupt(CorruptBlock corrupt) {
      blocks.foundCorrupt(corrupt);
    }
  }
}
