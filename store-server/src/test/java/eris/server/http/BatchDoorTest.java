package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.server.access.Gates;
import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.HttpSettings.StreamLimits;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.stores.batch.BatchFailure;
import eris.stores.batch.BatchItem;
import eris.stores.batch.BatchReader;
import eris.stores.batch.BatchWriter;
import eris.stores.batch.EndMark;
import eris.testkit.SampleBlock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Many blocks in one request, as `docs/formats/batch.md` has it.
final class BatchDoorTest extends HttpDoorFixture {
  private static final String TYPE = "application/cbor-seq";
  private final SampleBlock absent = SampleBlock.of(BlockSize.KIB_1, 99);

  private static String post(String path, String more) {
    return "POST /eris/v1/" + path + HOST + more + "\r\n";
  }

  private RawClient.Answer post(String path, byte[] body) throws IOException {
    try (RawClient client = connect()) {
      client.send(post(path, "Content-Length: " + body.length + "\r\n"));
      client.send(body);
      return client.answer();
    }
  }

  private interface Writing {
    void write(BatchWriter writer) throws IOException;
  }

  private static byte[] stream(Writing writing) {
    try {
      var bytes = new ByteArrayOutputStream();
      writing.write(new BatchWriter(bytes));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] references(SampleBlock... blocks) {
    return stream(
        writer -> {
          writer.bytes(listed(blocks));
          writer.end();
        });
  }

  private static MemorySegment listed(SampleBlock... blocks) {
    MemorySegment references = MemorySegment.ofArray(new byte[blocks.length * Reference.BYTES]);
    for (int i = 0; i < blocks.length; i++) {
      blocks[i].reference().writeTo(references, (long) i * Reference.BYTES);
    }
    return references;
  }

  private static byte[] blocks(List<SampleBlock> blocks) {
    return stream(
        writer -> {
          for (SampleBlock block : blocks) {
            writer.block(block.reference(), block.bytes());
          }
          writer.end();
        });
  }

  private static List<BatchItem> items(byte[] stream) throws IOException {
    var in = new ByteArrayInputStream(stream);
    var reader = new BatchReader(in);
    List<BatchItem> items = new ArrayList<>();
    while (in.available() > 0) {
      items.add(reader.next(new byte[BatchReader.MOST_BYTES]));
    }
    return items;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void haveAnswersInBits() throws IOException {
    RawClient.Answer answer = post("have", references(small, absent, large));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("content-type", TYPE);
    assertThat(hex(answer.body()))
        .startsWith("4105" + "8201" + "5820") // one item of bits, then the end mark of one item
        .hasSize(2 * (2 + 2 + 2 + 32));
    assertThat(items(answer.body()).getLast()).isInstanceOf(BatchItem.End.class);
  }

  @Test
  void nothingIsAStreamToo() throws IOException {
    String end = "82005820" + "00".repeat(32);
    byte[] nothing = HexFormat.of().parseHex(end);
    for (String path : new String[] {"have", "fetch", "blocks"}) {
      RawClient.Answer answer = post(path, nothing);
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(hex(answer.body())).as(path).isEqualTo(end);
    }
  }

  @Test
  void fetchGivesBlocksInTheOrderAskedFor() throws IOException {
    var corrupt = SampleBlock.of(BlockSize.KIB_1, 5);
    store.put(corrupt.reference(), corrupt.bytes());
    store.damage(corrupt.reference(), bytes -> new byte[1024]);
    RawClient.Answer answer = post("fetch", references(large, absent, corrupt, small));
    assertThat(answer.status()).isEqualTo(200);
    byte[] expected =
        stream(
            writer -> {
              writer.block(large.reference(), large.bytes());
              writer.missing();
              writer.unreadable();
              writer.block(small.reference(), small.bytes());
              writer.end();
            });
    assertThat(answer.body()).isEqualTo(expected);
  }

  @Test
  void blocksAreAcknowledgedWhenTheyAreDurable() throws IOException {
    List<SampleBlock> sent = new ArrayList<>(SampleBlock.list(BlockSize.KIB_1, 40));
    sent.addAll(SampleBlock.list(BlockSize.KIB_32, 40));
    sent.addAll(SampleBlock.list(BlockSize.KIB_1, 3));
    byte[] body = blocks(sent);
    RawClient.Answer answer = post("blocks", body);
    assertThat(answer.status()).isEqualTo(200);
    List<BatchItem> items = items(answer.body());
    assertThat(items.get(items.size() - 2)).isEqualTo(new BatchItem.Durable(83));
    assertThat(items.getLast()).isEqualTo(items(body).getLast());
    for (SampleBlock block : sent) {
      assertThat(store.contains(block.reference())).isTrue();
    }
  }

  /// A client may wait for each acknowledgement before it goes on.
  @Test
  void acknowledgementsComeWhileBlocksAreSent() throws IOException {
    try (RawClient client = connect()) {
      client.send(post("blocks", "Transfer-Encoding: chunked\r\n"));
      byte[] first = stream(writer -> writer.block(absent.reference(), absent.bytes()));
      sendChunk(client, first);
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(hex(client.chunk())).isEqualTo("01");
      byte[] whole = blocks(List.of(absent, small));
      byte[] rest = Arrays.copyOfRange(whole, first.length, whole.length);
      sendChunk(client, rest);
      client.send("0\r\n\r\n");
      var end = new ByteArrayOutputStream();
      for (byte[] chunk = client.chunk(); chunk.length > 0; chunk = client.chunk()) {
        end.write(chunk);
      }
      assertThat(items(end.toByteArray()).getLast()).isEqualTo(items(whole).getLast());
      client.send(get(small)); // and the connection goes on
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  private static void sendChunk(RawClient client, byte[] bytes) throws IOException {
    client.send(Integer.toHexString(bytes.length) + "\r\n");
    client.send(bytes);
    client.send("\r\n");
  }

  @Test
  void whatIsNotAStreamIsRefused() throws IOException {
    byte[] wrongEnd = references(small);
    wrongEnd[wrongEnd.length - 1] ^= 1;
    byte[] wrongCount = references(small);
    wrongCount[wrongCount.length - 35] ^= 2;
    for (byte[] body :
        new byte[][] {
          {},
          {0x41, 1},
          HexFormat.of().parseHex("5f4101ff"),
          HexFormat.of().parseHex("590020" + "00".repeat(32)), // not the shortest head
          HexFormat.of().parseHex("5a00010000"), // 64 KiB
          HexFormat.of().parseHex("5bffffffffffffffff"),
          HexFormat.of().parseHex("5821" + "00".repeat(33)),
          HexFormat.of().parseHex("a0"),
          HexFormat.of().parseHex("f6"),
          HexFormat.of().parseHex("82005820" + "00".repeat(32) + "00"),
          wrongEnd,
          wrongCount
        }) {
      for (String path : new String[] {"have", "fetch"}) {
        RawClient.Answer answer = post(path, body);
        if (answer.status() == 200) { // some of it was answered already
          assertThat(items(answer.body()).getLast())
              .as(hex(body))
              .isEqualTo(new BatchItem.Failed(BatchFailure.MALFORMED));
        } else {
          assertThat(answer.status()).as(hex(body)).isEqualTo(400);
          assertThat(answer.text()).startsWith("malformed batch: ");
        }
      }
    }
  }

  @Test
  void blocksOfOtherSizesAreRefusedAndThoseBeforeKept() throws IOException {
    byte[] body =
        stream(
            writer -> {
              writer.block(absent.reference(), absent.bytes());
              writer.bytes(MemorySegment.ofArray(new byte[1025]));
              writer.end();
            });
    RawClient.Answer answer = post("blocks", body);
    if (answer.status() == 200) { // the first came alone
      assertThat(hex(answer.body())).isEqualTo("01" + "696d616c666f726d6564");
    } else {
      assertThat(answer.status()).isEqualTo(400);
    }
    assertThat(store.contains(absent.reference())).isTrue();
  }

  @Test
  void anEndMarkOfOtherBlocksIsRefused() throws IOException {
    byte[] body =
        stream(
            writer -> {
              writer.block(absent.reference(), absent.bytes());
              writer.end(new EndMark(2, absent.reference()));
            });
    RawClient.Answer answer = post("blocks", body);
    assertThat(answer.status()).isIn(200, 400);
    assertThat(answer.text()).contains("malformed");
    assertThat(answer.headers().getOrDefault("connection", "")).isIn("close", "");
  }

  @Test
  void methodsVersionsAndCodingsAreTold() throws IOException {
    assertThat(ask("GET /eris/v1/have" + HOST + "\r\n").status()).isEqualTo(405);
    assertThat(ask("GET /eris/v1/have" + HOST + "\r\n").headers()).containsEntry("allow", "POST");
    assertThat(ask("POST /eris/v1/have HTTP/1.0\r\nHost: localhost\r\n\r\n").status())
        .isEqualTo(400);
    assertThat(ask(post("have", "Content-Length: 0\r\nContent-Encoding: gzip\r\n")).status())
        .isEqualTo(415);
    assertThat(ask(post("nothing", "Content-Length: 0\r\n")).status()).isEqualTo(404);
    door.apply(settings(Put.OFF, HttpLimits.DEFAULT));
    assertThat(post("blocks", blocks(List.of(small))).status()).isEqualTo(405);
    assertThat(post("have", references(small)).status()).isEqualTo(200);
  }

  @Test
  void aStoreInTroubleIsTold() throws IOException {
    store.breakDown();
    RawClient.Answer answer = post("blocks", blocks(List.of(absent)));
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("the store failed\n");
    assertThat(post("have", references(absent)).status()).isEqualTo(500);
    assertThat(post("fetch", references(absent)).status()).isEqualTo(500);
  }

  /// A million references are answered while they come, in memory for a few.
  @Test
  void aMillionReferencesAreAnswered() throws Exception {
    int items = 1_000_000 / 1024 + 1;
    try (RawClient client = connect()) {
      client.send(post("have", "Transfer-Encoding: chunked\r\n"));
      MemorySegment absentOnes = MemorySegment.ofArray(new byte[1024 * Reference.BYTES]);
      var bytes = new ByteArrayOutputStream();
      var writer = new BatchWriter(bytes);
      var sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < items; i++) {
                        writer.bytes(absentOnes);
                        sendChunk(client, bytes.toByteArray());
                        bytes.reset();
                      }
                      writer.end();
                      sendChunk(client, bytes.toByteArray());
                      client.send("0\r\n\r\n");
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      RawClient.Answer answer = client.answer();
      sender.join();
      List<BatchItem> answered = items(answer.body());
      assertThat(answered).hasSize(items + 1);
      assertThat(answered.getFirst()).isEqualTo(new BatchItem.Bytes(128));
    }
  }

  @Test
  void whoSendsNothingOrTakesNothingIsCut() throws Exception {
    restart(new StreamLimits(4, Duration.ofMillis(300), Duration.ofMillis(300)));
    try (RawClient silent = connect()) {
      silent.send(post("blocks", "Content-Length: 100000\r\n"));
      silent.send(stream(writer -> writer.block(absent.reference(), absent.bytes())));
      assertThat(silent.head().status()).isEqualTo(200);
      assertThat(hex(silent.chunk())).isEqualTo("01"); // what was whole is kept
      assertThat(silent.isClosed()).isTrue();
    }
    try (RawClient deaf = connect()) {
      deaf.send(post("fetch", "Transfer-Encoding: chunked\r\n"));
      SampleBlock[] often = new SampleBlock[1024];
      Arrays.fill(often, large);
      byte[] item = stream(writer -> writer.bytes(listed(often)));
      for (int i = 0; i < 4; i++) { // 128 MiB to come
        sendChunk(deaf, item);
      }
      long begin = System.nanoTime();
      while (door.openStreams() > 0) {
        Thread.sleep(10);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void streamsAreBounded() throws Exception {
    restart(new StreamLimits(1, Duration.ofSeconds(20), Duration.ofSeconds(20)));
    try (RawClient first = connect()) {
      first.send(post("blocks", "Content-Length: 100000\r\n"));
      while (door.openStreams() < 1) {
        Thread.onSpinWait();
      }
      assertThat(post("have", references(small)).status()).isEqualTo(503);
    }
    while (post("have", references(small)).status() != 200) {
      Thread.onSpinWait(); // until it is seen to have gone
    }
  }

  @Test
  void aClosingDoorEndsStreams() throws Exception {
    try (RawClient client = connect()) {
      client.send(post("blocks", "Content-Length: 100000\r\n"));
      client.send(stream(writer -> writer.block(absent.reference(), absent.bytes())));
      assertThat(client.head().status()).isEqualTo(200);
      client.chunk();
      long begin = System.nanoTime();
      door.close(Duration.ofSeconds(3));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
      assertThat(hex(client.chunk())).isEqualTo("666661696c6564"); // "failed"
      assertThat(client.chunk()).isEmpty();
      assertThat(client.isClosed()).isTrue();
    }
  }

  private void restart(StreamLimits streams) throws IOException {
    door.close();
    blocks.close();
    blocks = new BlockService(store, StoreLimits.DEFAULT);
    HttpLimits usual = HttpLimits.DEFAULT;
    door =
        new HttpDoor(
            settings(
                Put.ON,
                new HttpLimits(
                    usual.connections(),
                    usual.bodyBytes(),
                    usual.requestHead(),
                    usual.body(),
                    usual.idle(),
                    streams)),
            blocks,
            Gates.withoutAccounts(),
            ServerLog.SILENT);
  }

  /// The store of the fixture cannot tell what it holds.
  @Test
  void sessionsNeedAnInventory() throws IOException {
    assertThat(
            ask("GET /eris/v1/sync" + HOST + "Connection: Upgrade\r\nUpgrade: eris-sync\r\n\r\n")
                .status())
        .isEqualTo(501);
    RawClient.Answer plain = ask("GET /eris/v1/sync" + HOST + "\r\n");
    assertThat(plain.status()).isEqualTo(426);
    assertThat(plain.headers()).containsEntry("upgrade", "eris-sync");
  }
}
