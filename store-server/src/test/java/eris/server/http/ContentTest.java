package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Encoder;
import eris.server.access.Gates;
import eris.server.blocks.BlockService;
import eris.server.blocks.Protocol;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.Content;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.BlockSink;
import eris.store.MemoryBlockStore;
import eris.testkit.FaultyStore;
import eris.testkit.RepeatedTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Content decoded by the daemon, where that was switched on.
@Timeout(60)
final class ContentTest {
  private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";
  private static final HttpLimits SHORT =
      new HttpLimits(
          100,
          64 << 20,
          HttpLimits.DEFAULT.requestHead(),
          Duration.ofSeconds(2),
          HttpLimits.DEFAULT.idle());

  private final FaultyStore store = new FaultyStore(new MemoryBlockStore());
  private final BlockService blocks = new BlockService(store, StoreLimits.DEFAULT);
  private final byte[] content = new byte[3_000_001];
  private final List<Reference> leaves = new ArrayList<>();
  private final ReadCapability capability = encode();
  private final HttpDoor door = door(Content.ON, HttpLimits.DEFAULT);

  ContentTest() throws IOException {}

  private ReadCapability encode() throws IOException {
    new Random(1).nextBytes(content);
    BlockSink sink =
        (reference, block) -> {
          leaves.add(reference);
          store.put(reference, block);
        };
    return new Encoder(BlockSize.KIB_32, sink, 1, 1)
        .encode(new ByteArrayInputStream(content), ConvergenceSecret.nullSecret());
  }

  private HttpDoor door(Content to, HttpLimits limits) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var settings =
        new HttpSettings(
            address,
            Optional.empty(),
            Put.ON,
            to,
            HttpSettings.Console.OFF,
            Set.of(),
            1,
            limits,
            Optional.empty());
    return new HttpDoor(settings, blocks, Gates.withoutAccounts(), ServerLog.SILENT);
  }

  @AfterEach
  void close() {
    door.close();
    blocks.close();
  }

  private String get(String more) {
    return "GET /uri-res/N2R?" + capability.toUrn() + HOST + more + "\r\n";
  }

  private RawClient.Answer ask(String request) throws IOException {
    try (RawClient client = new RawClient(door.address())) {
      client.send(request);
      return client.answer();
    }
  }

  @Test
  void contentComesWholeAndOnceMoreOnTheSameConnection() throws Exception {
    try (RawClient client = new RawClient(door.address())) {
      client.send(get("") + get("") + "GET /livez" + HOST + "\r\n");
      for (int i = 0; i < 2; i++) {
        RawClient.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(content);
        assertThat(answer.headers())
            .containsEntry("content-length", "3000001")
            .containsEntry("accept-ranges", "bytes")
            .containsEntry("cache-control", "no-store")
            .containsEntry("content-type", "application/octet-stream")
            .doesNotContainKey("etag");
      }
      assertThat(client.answer().text()).isEqualTo("ok\n");
    }
    assertThat(blocks.counts().requests(Protocol.HTTP).sentBytes()).isEqualTo(6_000_005);
  }

  @Test
  void headTellsTheSizeAndNoMore() throws Exception {
    try (RawClient client = new RawClient(door.address())) {
      client.send(get("").replace("GET", "HEAD") + "GET /livez" + HOST + "\r\n");
      assertThat(client.headAnswer().headers())
          .containsEntry("content-length", "3000001")
          .containsEntry("accept-ranges", "bytes");
      assertThat(client.answer().text()).isEqualTo("ok\n");
    }
  }

  @Test
  void aRangeIsReadWithoutTheRest() throws Exception {
    long before = store.reads();
    RawClient.Answer answer = ask(get("Range: bytes=1000000-1000009\r\n"));
    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.headers())
        .containsEntry("content-range", "bytes 1000000-1000009/3000001")
        .containsEntry("content-length", "10");
    assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(content, 1_000_000, 1_000_010));
    assertThat(store.reads() - before).isLessThan(6);

    assertThat(ask(get("Range: bytes=-5\r\n")).body())
        .isEqualTo(Arrays.copyOfRange(content, 2_999_996, 3_000_001));
    RawClient.Answer beyond = ask(get("Range: bytes=3000001-\r\n"));
    assertThat(beyond.status()).isEqualTo(416);
    assertThat(beyond.headers()).containsEntry("content-range", "bytes */3000001");
    assertThat(ask(get("Range: bytes=0-0\r\nIf-Range: \"x\"\r\n")).status()).isEqualTo(200);
    assertThat(ask(get("Range: bytes=0-0,5-6\r\n")).status()).isEqualTo(200);
  }

  @Test
  void emptyContentIsAnAnswerToo() throws Exception {
    ReadCapability empty =
        new Encoder(BlockSize.KIB_1, store, 1, 1)
            .encode(new ByteArrayInputStream(new byte[0]), ConvergenceSecret.nullSecret());
    RawClient.Answer answer = ask("GET /uri-res/N2R?" + empty.toUrn() + HOST + "\r\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("content-length", "0");
    assertThat(ask("GET /uri-res/N2R?" + empty.toUrn() + HOST + "Range: bytes=0-\r\n\r\n").status())
        .isEqualTo(416);
  }

  @Test
  void aBlockThatIsMissingOrCorruptAmidCutsTheConnection() throws Exception {
    store.lose(leaves.get(50));
    assertThat(prefixBeforeTheCut()).isEqualTo(50 * 32768);
    store.heal();
    store.damage(leaves.get(60), block -> flipped(block));
    assertThat(prefixBeforeTheCut()).isEqualTo(60 * 32768);
    assertThat(blocks.counts().corrupt()).isEqualTo(1);
    store.heal();
    assertThat(ask(get("")).body()).isEqualTo(content);
  }

  private static byte[] flipped(byte[] block) {
    block[5] ^= 1;
    return block;
  }

  /// How many bytes come, all of them right, before the connection ends too early.
  private int prefixBeforeTheCut() throws IOException {
    try (RawClient client = new RawClient(door.address())) {
      client.send(get(""));
      RawClient.Answer answer = client.answer();
      assertThat(answer.headers()).containsEntry("content-length", "3000001");
      int bytes = answer.body().length;
      assertThat(answer.body()).isEqualTo(Arrays.copyOf(content, bytes));
      assertThat(client.isClosed()).isTrue();
      return bytes;
    }
  }

  @Test
  void whatIsWrongFromTheStartHasItsStatus() throws Exception {
    String urn = capability.toUrn();
    store.lose(leaves.getFirst());
    assertStatus(404, urn, "a block of the content is not here");
    store.heal();
    store.lose(capability.root().reference());
    assertStatus(404, urn, "a block of the content is not here");
    store.heal();
    store.damage(capability.root().reference(), block -> flipped(block));
    assertStatus(500, urn, "the block is corrupt");
    store.heal();
    assertStatus(400, urn.substring(0, 100), "the capability is malformed");
    char last = urn.charAt(90) == 'A' ? 'B' : 'A';
    String wrongKey = urn.substring(0, 90) + last + urn.substring(91);
    assertStatus(400, wrongKey, "there is no content of this capability");
    store.breakDown();
    assertStatus(500, urn, "the store failed");
  }

  private void assertStatus(int status, String urn, String line) throws IOException {
    RawClient.Answer answer = ask("GET /uri-res/N2R?" + urn + HOST + "\r\n");
    assertThat(answer.status()).as(line).isEqualTo(status);
    assertThat(answer.text()).isEqualTo(line + "\n");
  }

  @Test
  void unlessSwitchedOnItIsRefused() throws Exception {
    try (HttpDoor off = door(Content.OFF, HttpLimits.DEFAULT);
        RawClient client = new RawClient(off.address())) {
      client.send(get(""));
      assertThat(client.answer().status()).isEqualTo(403);
    }
    assertThat(
            ask(get("").replace("GET", "PUT").replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n"))
                .status())
        .isEqualTo(405);
  }

  /// 2^60 bytes, of which a client takes none: no more is made than the connection holds, others are
  /// served meanwhile, and in the end it is cut.
  @Test
  void whoTakesNothingHoldsLittleAndIsCut() throws Exception {
    ReadCapability bomb = RepeatedTree.bomb(store);
    try (HttpDoor hasty = door(Content.ON, SHORT);
        RawClient client = new RawClient(hasty.address())) {
      client.send("GET /uri-res/N2R?" + bomb.toUrn() + HOST + "\r\n");
      long before = -1;
      while (before != store.reads()) { // until it makes no more
        before = store.reads();
        TimeUnit.MILLISECONDS.sleep(200);
      }
      assertThat(before * 32768).isLessThan(32 << 20); // what sockets hold, too
      try (RawClient other = new RawClient(hasty.address())) {
        other.send(get("Range: bytes=0-9\r\n"));
        assertThat(other.answer().status()).isEqualTo(206);
      }
      awaitConnections(hasty, 1);
    }
  }

  private static void awaitConnections(HttpDoor door, int most) throws Exception {
    int open;
    do {
      TimeUnit.MILLISECONDS.sleep(50);
      try (RawClient client = new RawClient(door.address())) {
        client.send("GET /metrics" + HOST + "\r\n");
        open =
            client
                .answer()
                .text()
                .lines()
                .filter(line -> line.startsWith("eris_http_connections "))
                .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(' ') + 1)))
                .sum();
      }
    } while (open > most);
  }

  /// Clients that have gone leave their places to others.
  @Test
  void onlySoManyAreServedAtATime() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    ReadCapability bomb = RepeatedTree.bomb(store);
    try {
      for (int i = 0; i < 32; i++) {
        clients.add(new RawClient(door.address()));
        clients.getLast().send("GET /uri-res/N2R?" + bomb.toUrn() + HOST + "\r\n");
      }
      while (blocks.counts().requests(Protocol.HTTP).sentBytes() == 0
          && ask(get("")).status() != 503) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(ask(get("")).status()).isEqualTo(503);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
    while (ask(get("")).status() != 200) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
