package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.StoreLimits;
import eris.store.BlockStore;
import eris.store.StoreException;
import eris.testkit.SampleBlock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the door says, to the letter, to clients that know HTTP.
final class HttpDoorTest extends HttpDoorFixture {
  /// The first answer comes from the store, the others from memory: on the wire they are the same.
  @Test
  void blocksComeWithTheirHeadersFromStoreAndMemoryAlike() throws Exception {
    try (RawClient client = connect()) {
      for (int i = 0; i < 3; i++) {
        for (SampleBlock block : new SampleBlock[] {small, large}) {
          client.send(get(block));
          RawClient.Answer answer = client.answer();
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.body()).isEqualTo(bytes(block.bytes()));
          assertThat(answer.headers())
              .containsEntry("content-type", "application/octet-stream")
              .containsEntry("etag", '"' + block.reference().toString() + '"')
              .containsEntry("cache-control", "public, immutable, max-age=31536000")
              .containsEntry("x-content-type-options", "nosniff")
              .containsKeys("date", "content-length")
              .hasSize(6);
        }
      }
    }
  }

  @Test
  void requestsSentAheadAreAnsweredInOrder() throws Exception {
    String missing =
        "GET /uri-res/N2R?"
            + SampleBlock.of(BlockSize.KIB_1, 9).reference().toUrn()
            + HOST
            + "\r\n";
    try (RawClient client = connect()) {
      client.send((get(small) + missing + get(large)).repeat(200));
      for (int i = 0; i < 200; i++) {
        assertThat(client.answer().body()).isEqualTo(bytes(small.bytes()));
        assertThat(client.answer().status()).isEqualTo(404);
        assertThat(client.answer().body()).isEqualTo(bytes(large.bytes()));
      }
    }
  }

  @Test
  void requestsMayComeByteByByte() throws Exception {
    try (RawClient client = connect()) {
      for (byte next : get(small).getBytes(StandardCharsets.US_ASCII)) {
        client.send(new byte[] {next});
      }
      assertThat(client.answer().body()).isEqualTo(bytes(small.bytes()));
      client.send(get(large));
      assertThat(client.answer().body()).isEqualTo(bytes(large.bytes()));
    }
  }

  @Test
  void headSaysTheSameWithoutTheBlock() throws Exception {
    try (RawClient client = connect()) {
      client.send(get(small).replace("GET", "HEAD"));
      RawClient.Answer answer = client.headAnswer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers()).containsEntry("content-length", "1024").hasSize(6);
      client.send(get(small));
      assertThat(client.answer().body()).isEqualTo(bytes(small.bytes()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"%s\"", "*", "\"A\", \"%s\"", "W/\"%s\""})
  void whoHasTheBlockIsToldSo(String tags) throws Exception {
    String header = "If-None-Match: " + tags.formatted(small.reference()) + "\r\n\r\n";
    RawClient.Answer answer = ask(get(small).stripTrailing() + "\r\n" + header);
    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.headers()).containsEntry("etag", '"' + small.reference().toString() + '"');
  }

  @Test
  void putAnswersTheSameForNewAndForKnownBlocks() throws Exception {
    SampleBlock fresh = SampleBlock.of(BlockSize.KIB_32, 7);
    for (int i = 0; i < 2; i++) {
      RawClient.Answer answer = put(fresh.reference().toUrn(), bytes(fresh.bytes()));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.headers())
          .containsEntry("content-location", "/uri-res/N2R?" + fresh.reference().toUrn())
          .containsOnlyKeys("content-location", "date", "content-length");
    }
    assertThat(store.contains(fresh.reference())).isTrue();
  }

  @Test
  void putNeedsNoReferenceButTakesNoWrongOne() throws Exception {
    SampleBlock fresh = SampleBlock.of(BlockSize.KIB_1, 7);
    RawClient.Answer wrong = put(small.reference().toUrn(), bytes(fresh.bytes()));
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.text()).isEqualTo("the reference is not the hash of the block\n");
    assertThat(store.contains(fresh.reference())).isFalse();

    assertThat(put("urn:blake2b:", bytes(fresh.bytes())).status()).isEqualTo(200);
    assertThat(store.contains(fresh.reference())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1025, 32767})
  void otherSizesAreNoBlocks(int size) throws Exception {
    RawClient.Answer answer = put("urn:blake2b:", new byte[size]);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text())
        .isEqualTo("a block has 1024 or 32768 bytes, not %d\n".formatted(size));
  }

  @Test
  void tooMuchIsRefusedBeforeItIsReadAndWhereItsLengthIsNotSaid() throws Exception {
    String head = "PUT /uri-res/N2R?urn:blake2b:" + HOST;
    try (RawClient client = connect()) {
      client.send(head + "Content-Length: 32769\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(413);
      assertThat(client.isClosed()).isTrue();
    }
    try (RawClient client = connect()) {
      client.send(head + "Transfer-Encoding: chunked\r\n\r\n8001\r\n");
      client.send(new byte[32769]);
      client.send("\r\n0\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(413);
    }
  }

  @Test
  void blocksMayComeInChunks() throws Exception {
    try (RawClient client = connect()) {
      client.send("PUT /uri-res/N2R?urn:blake2b:" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 32; i++) {
        client.send("20\r\n");
        client.send(Arrays.copyOfRange(bytes(small.bytes()), i * 32, i * 32 + 32));
        client.send("\r\n");
      }
      client.send("0\r\n\r\n" + get(small));
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.answer().body()).isEqualTo(bytes(small.bytes()));
    }
  }

  @Test
  void codingsOfContentAreRefused() throws Exception {
    String request = "PUT /uri-res/N2R?urn:blake2b:" + HOST;
    assertThat(ask(request + "Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n").status())
        .isEqualTo(415);
  }

  @Test
  void whatIsOffIsSaidToBe() throws Exception {
    door.apply(settings(Put.OFF, HttpLimits.DEFAULT));
    RawClient.Answer answer = put(small.reference().toUrn(), bytes(small.bytes()));
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).containsEntry("allow", "GET, HEAD");
    assertThat(ask(get(small)).status()).isEqualTo(200);
  }

  @Test
  void corruptBlocksAreNeverServed() throws Exception {
    store.damage(
        small.reference(),
        bytes -> {
          bytes[5] ^= 1;
          return bytes;
        });
    RawClient.Answer answer = ask(get(small));
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("the block is corrupt\n");
  }

  @Test
  void storesInTroubleHaveTheirStatus() throws Exception {
    store.breakDown();
    assertThat(ask(get(small)).status()).isEqualTo(500);
    assertThat(put("urn:blake2b:", bytes(small.bytes())).text()).isEqualTo("the store failed\n");

    serve(new Failing(new StoreException.Full("s", new IOException())), StoreLimits.DEFAULT);
    assertThat(put("urn:blake2b:", bytes(small.bytes())).status()).isEqualTo(507);
    serve(new Failing(new StoreException.ReadOnly("s")), StoreLimits.DEFAULT);
    assertThat(put("urn:blake2b:", bytes(small.bytes())).status()).isEqualTo(405);
  }

  /// Takes no blocks, for a reason.
  private record Failing(IOException reason) implements BlockStore {
    @Override
    public Optional<MemorySegment> get(Reference reference, MemorySegment target) {
      return Optional.empty();
    }

    @Override
    public void put(Reference reference, MemorySegment block) throws IOException {
      throw reason;
    }

    @Override
    public boolean contains(Reference reference) {
      return false;
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /uri-res/N2R?urn:blake2b:A",
        "GET /uri-res/N2R?urn:blake2b:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "GET /uri-res/N2R?urn:blake2b:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
        "GET /uri-res/N2R?urn:sha1:A",
        "GET /uri-res/N2R"
      })
  void malformedReferencesAreBadRequests(String begin) throws Exception {
    RawClient.Answer answer = ask(begin + HOST + "\r\n");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).hasLineCount(1);
  }

  @Test
  void capabilitiesAreNeitherServedNorRepeated() throws Exception {
    String secret = "BIAD77QDJMFAKZYH2DXBUZYAP3MXZ3DJZVFYQ5DFWC6T65WSFCU5S2IT4YZGJ7AC4SYQ";
    RawClient.Answer answer = ask("GET /uri-res/N2R?urn:eris:" + secret + HOST + "\r\n");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).doesNotContain(secret);
  }
}
