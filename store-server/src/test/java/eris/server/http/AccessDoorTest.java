package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.server.access.AccessList;
import eris.server.access.Account;
import eris.server.access.Budgets;
import eris.server.access.Gate;
import eris.server.access.Permission;
import eris.server.access.TokenEntry;
import eris.server.access.UsageFile;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.MemoryBlockStore;
import eris.stores.AccessToken;
import eris.stores.Clock;
import eris.stores.WholeFile;
import eris.testkit.FaultyStore;
import eris.testkit.SampleBlock;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the door says to those who show tokens, and to those who do not, where all need one.
@Timeout(60)
final class AccessDoorTest {
  private static final AccessToken PUT = AccessToken.generate(new Random(1));
  private static final AccessToken ADMIN = AccessToken.generate(new Random(2));
  private static final AccessToken SLOW = AccessToken.generate(new Random(3));
  private static final AccessToken UNKNOWN = AccessToken.generate(new Random(4));
  private static final long QUOTA_BYTES = 2 * 1024;
  private static final AccessList LIST =
      AccessList.EMPTY
          .with(new Account("alice", OptionalLong.of(QUOTA_BYTES), OptionalLong.empty()))
          .with(new Account("bob", OptionalLong.empty(), OptionalLong.of(10)))
          .with(TokenEntry.of(PUT, "alice", Set.of(Permission.PUT), ""))
          .with(TokenEntry.of(ADMIN, "alice", Set.of(Permission.ADMIN), ""))
          .with(TokenEntry.of(SLOW, "bob", Set.of(Permission.PUT), ""));

  @TempDir Path home;
  private final MemoryBlockStore store = new MemoryBlockStore();
  private final FaultyStore faulty = new FaultyStore(store);
  private final BlockService blocks = new BlockService(faulty, StoreLimits.DEFAULT);
  private Gate gate;
  private HttpDoor door;

  @BeforeEach
  void open() throws IOException {
    gate =
        new Gate(
            LIST,
            new Budgets(new UsageFile(WholeFile.ofOwner(home.resolve("usage"))), Clock.SYSTEM));
    door = new HttpDoor(settings(Put.TOKEN), blocks, gate, ServerLog.SILENT);
  }

  @AfterEach
  void close() {
    door.close();
    blocks.close();
  }

  private static HttpSettings settings(Put put) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpSettings usual = HttpSettings.at(address);
    return new HttpSettings(address, put, usual.console(), Set.of(), 1, HttpLimits.DEFAULT);
  }

  private RawClient.Answer ask(String head, String body, AccessToken... shown) throws IOException {
    var request = new StringBuilder(head).append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (AccessToken token : shown) {
      request.append("Authorization: Bearer ").append(token.reveal()).append("\r\n");
    }
    if (!body.isEmpty()) {
      request.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    try (RawClient client = new RawClient(door.address())) {
      client.send(request.append("\r\n").append(body).toString());
      return client.answer();
    }
  }

  private RawClient.Answer put(long number, AccessToken... shown) throws IOException {
    byte[] bytes = SampleBlock.of(BlockSize.KIB_1, number).bytes().toArray(ValueLayout.JAVA_BYTE);
    return ask(
        "PUT /uri-res/N2R?urn:blake2b:", new String(bytes, StandardCharsets.ISO_8859_1), shown);
  }

  @Test
  void whoPutsShowsATokenForThat() throws IOException {
    RawClient.Answer stranger = put(1);
    assertThat(stranger.status()).isEqualTo(401);
    assertThat(stranger.headers()).containsEntry("www-authenticate", "Bearer");
    assertThat(stranger.text()).isEqualTo("this takes a token that is known here\n");
    assertThat(put(1, UNKNOWN).status()).isEqualTo(401);
    assertThat(put(1, ADMIN).status()).isEqualTo(403);
    assertThat(store.contains(SampleBlock.of(BlockSize.KIB_1, 1).reference())).isFalse();
    assertThat(put(1, PUT).status()).isEqualTo(200);
    assertThat(store.contains(SampleBlock.of(BlockSize.KIB_1, 1).reference())).isTrue();
  }

  @Test
  void anybodyGets() throws IOException {
    var block = SampleBlock.of(BlockSize.KIB_1, 1);
    store.put(block.reference(), block.bytes());
    String get = "GET /uri-res/N2R?" + block.reference().toUrn();
    assertThat(ask(get, "").status()).isEqualTo(200);
  }

  /// A block that is there already counts as a new one does.
  @Test
  void quotaEndsWhatAnAccountPuts() throws IOException {
    assertThat(put(1, PUT).status()).isEqualTo(200);
    assertThat(put(1, PUT).status()).isEqualTo(200);
    RawClient.Answer over = put(1, PUT);
    assertThat(over.status()).isEqualTo(507);
    assertThat(over.text()).isEqualTo("the quota of the account is used up\n");
    assertThat(put(2, SLOW).status()).isEqualTo(200);
  }

  @Test
  void whatTheStoreDidNotTakeDoesNotCount() throws IOException {
    faulty.breakDown();
    for (int i = 0; i < 5; i++) {
      assertThat(put(i, PUT).status()).isEqualTo(500);
    }
    assertThat(gate.budgets().used(LIST.account("alice").orElseThrow())).isZero();
  }

  @Test
  void whoPutsTooFastIsToldWhenToComeBack() throws IOException {
    assertThat(put(1, SLOW).status()).isEqualTo(200);
    RawClient.Answer fast = put(2, SLOW);
    assertThat(fast.status()).isEqualTo(429);
    assertThat(Integer.parseInt(fast.headers().get("retry-after"))).isBetween(60, 94);
    assertThat(put(3, PUT).status()).isEqualTo(200);
  }

  @Test
  void countsAreForOperators() throws IOException {
    assertThat(ask("GET /metrics", "").status()).isEqualTo(401);
    assertThat(ask("GET /metrics", "", PUT).status()).isEqualTo(403);
    assertThat(ask("GET /metrics", "", ADMIN).status()).isEqualTo(200);
    assertThat(ask("GET /livez", "").status()).isEqualTo(200);
    door.apply(settings(Put.ON));
    assertThat(ask("GET /metrics", "").status()).isEqualTo(200);
  }
}
