package eris.server.http;

import eris.server.access.Account;
import eris.server.access.Gate;
import eris.server.access.Permission;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.stores.batch.BatchReader;
import eris.stores.batch.BatchWriter;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.Optional;

/// Takes blocks, many to a flush, and tells how many are durable: `POST /eris/v1/blocks`.
final class BlocksResource extends BatchResource {
  static final String PATH = "/eris/v1/blocks";

  private final BlockService blocks;
  private final Gate gate;
  private final HttpSettings by;

  BlocksResource(BlockService blocks, Gate gate, Streams streams, HttpSettings by) {
    super(streams, by.limits().streams());
    this.blocks = blocks;
    this.gate = gate;
    this.by = by;
  }

  @Override
  void post(Exchange exchange) {
    if (exchange.mayPut(by)) {
      exchange.admit(
          gate,
          exchange.putsFreely(by),
          Permission.PUT,
          account -> begin(exchange, (reader, writer, _) -> take(reader, writer, account)));
    } else {
      exchange.refuse(HttpResponseStatus.METHOD_NOT_ALLOWED, "no blocks are taken here");
    }
  }

  private void take(BatchReader reader, BatchWriter writer, Optional<Account> account)
      throws IOException {
    try (var taker = new BlockTaker(blocks, new Payer(gate.budgets(), account), writer)) {
      taker.takeAll(reader);
    }
  }
}
