package eris.stores.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client over TCP, and servers that keep to the protocol and that do not.
@Timeout(60)
final class TcpClientTest {
  private static final CoapStore.Limits SHORT =
      new CoapStore.Limits(Duration.ofMillis(500), Duration.ofMillis(500));

  private final byte[] block = new byte[BlockSize.MAX_BYTES];
  private final Reference reference;
  private final MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
  private final PausedClock clock = new PausedClock();

  TcpClientTest() {
    new Random(4).nextBytes(block);
    reference = Reference.of(MemorySegment.ofArray(block));
  }

  private CoapStore open(ScriptedTcpServer server) throws IOException {
    return CoapStore.open(server.url(), Optional.empty(), SHORT, clock, new Random(1));
  }

  private CoapMessage content(CoapMessage request) {
    return CoapMessage.of(CoapCode.CONTENT)
        .with(request.token())
        .with(MemorySegment.ofArray(block));
  }

  private void assertGets(CoapStore store) throws IOException {
    MemorySegment got = store.get(reference, target).orElseThrow();
    assertThat(got.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(block);
  }

  @Test
  void whatWeTakeIsSaidFirst() throws IOException {
    try (var server = ScriptedTcpServer.answering((request, peer) -> peer.send(content(request)));
        CoapStore store = open(server)) {
      assertGets(store);
      assertGets(store);
      assertThat(server.connections).hasSize(1);
      CoapMessage csm = server.received.getFirst();
      assertThat(csm.code()).isEqualTo(CoapCode.CSM);
      assertThat(csm.options().uint(2)).hasValue(65_536);
      assertThat(csm.options().has(4)).isTrue();
      assertThat(server.received.getLast().options().uint(CoapOption.SIZE1)).hasValue(32_768);
    }
  }

  @Test
  void manyRequestsAreOnTheirWayAtATime() throws IOException {
    List<CoapMessage> requests = new ArrayList<>();
    try (var server =
            ScriptedTcpServer.answering(
                (request, peer) -> {
                  requests.add(request);
                  if (requests.size() % 32 == 0) {
                    for (CoapMessage each : requests.reversed()) {
                      peer.send(CoapMessage.of(CoapCode.CREATED).with(each.token()));
                    }
                    requests.clear();
                  }
                });
        var arena = Arena.ofConfined();
        CoapStore store = open(server)) {
      var batch =
          new BlockBatch(BlockSize.KIB_1, arena.allocate(64 << 10), arena.allocate(64 * 32));
      store.putAll(batch);
      assertThat(server.received).hasSize(1 + 64);
      assertThat(server.connections).hasSize(1);
    }
  }

  /// As of RFC 8323: 1152 bytes, unless the server takes more.
  @Test
  void serverThatTakesLittleGetsParts() throws IOException {
    var body = new ByteArrayOutputStream();
    try (var server =
            new ScriptedTcpServer(
                (message, peer) -> {
                  if (message.code() == CoapCode.CSM) {
                    peer.send(CoapMessage.of(CoapCode.CSM));
                    return;
                  }
                  assertThat(Frame.encodedBytes(message)).isLessThanOrEqualTo(1152);
                  body.writeBytes(message.payload().toArray(ValueLayout.JAVA_BYTE));
                  Part part = Part.of(message, CoapOption.BLOCK1).orElseThrow();
                  peer.send(
                      CoapMessage.of(
                              part.more() ? CoapCode.CONTINUE : CoapCode.CREATED,
                              part.toOption(CoapOption.BLOCK1))
                          .with(message.token()));
                });
        CoapStore store = open(server)) {
      store.put(reference, MemorySegment.ofArray(block));
      assertThat(body.toByteArray()).isEqualTo(block);
    }
  }

  @Test
  void whatTheServerAsksIsAnswered() throws IOException {
    try (var server =
            ScriptedTcpServer.answering(
                (message, peer) -> {
                  if (message.code() == CoapCode.GET) {
                    peer.send(CoapMessage.of(CoapCode.PING).with(new Token(5, 1)));
                    peer.send(CoapMessage.of(CoapCode.EMPTY));
                    peer.send(CoapMessage.of(CoapCode.GET).with(new Token(6, 1)));
                    peer.send(content(message).with(new Token(99, 3)));
                    peer.send(content(message));
                  }
                });
        CoapStore store = open(server)) {
      assertGets(store);
      await(server, CoapCode.PONG, new Token(5, 1));
      await(server, CoapCode.NOT_FOUND, new Token(6, 1));
    }
  }

  private static void await(ScriptedTcpServer server, int code, Token token) {
    while (server.received.stream()
        .noneMatch(each -> each.code() == code && each.token().equals(token))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void serverThatGoesIsNotAskedAgainOnThatConnection() throws IOException {
    try (var server =
            ScriptedTcpServer.answering(
                (request, peer) -> {
                  if (request.code() == CoapCode.GET) {
                    peer.send(CoapMessage.of(CoapCode.RELEASE));
                    peer.send(content(request));
                  }
                });
        CoapStore store = open(server)) {
      assertGets(store);
      assertGets(store);
      assertThat(server.connections).hasSize(2);
      assertThat(clock.pauses).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hangs up", "aborts", "hangs up within a message", "oversize", "garbage"})
  void brokenConnectionIsMadeAnew(String how) throws IOException {
    try (var server =
            ScriptedTcpServer.answering(
                (request, peer) -> {
                  if (peer.connection() > 2) {
                    peer.send(content(request));
                  } else {
                    breakOff(how, request, peer);
                  }
                });
        CoapStore store = open(server)) {
      assertGets(store);
      assertThat(server.connections).hasSize(3);
      assertThat(clock.pauses).hasSize(2);
    }
  }

  private void breakOff(String how, CoapMessage request, ScriptedTcpServer.Peer peer)
      throws IOException {
    if (request.code() != CoapCode.GET) {
      return;
    }
    switch (how) {
      case "hangs up within a message" -> peer.raw(new byte[] {(byte) 0xe0, 0x10, 0, 0x45, 1});
      case "aborts" -> peer.send(CoapMessage.of(CoapCode.ABORT));
      case "oversize" -> peer.raw(new byte[] {(byte) 0xf0, 0x7f, 0, 0, 0, 0x45});
      case "garbage" -> peer.raw("HTTP/1.1 400\r\n".getBytes(StandardCharsets.US_ASCII));
      default -> {}
    }
    if (how.startsWith("hangs up")) {
      peer.channel().close();
    }
  }

  @Test
  void unknownCriticalOptionOfACsmEndsTheConnection() throws IOException {
    try (var server =
            new ScriptedTcpServer(
                (message, peer) -> {
                  if (message.code() == CoapCode.CSM) {
                    peer.send(CoapMessage.of(CoapCode.CSM, CoapOption.of(9, new byte[0])));
                  }
                });
        CoapStore store = open(server)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> store.get(reference, target))
          .withMessage("the connection to %s broke", server.url());
      CoapMessage abort = server.received.get(1);
      assertThat(abort.code()).isEqualTo(CoapCode.ABORT);
      assertThat(abort.options().uint(2)).hasValue(9);
    }
  }

  @Test
  void serverThatSaysNothingIsNoCoapServer() throws IOException {
    try (var server = new ScriptedTcpServer((_, _) -> {});
        CoapStore store = open(server)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> store.get(reference, target))
          .withMessage("%s does not speak coap over tcp", server.url());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "other token"})
  void serverWithoutAnAnswerIsNotWaitedForLong(String how) throws IOException {
    try (var server =
            ScriptedTcpServer.answering(
                (request, peer) -> {
                  if (how.equals("other token")) {
                    peer.send(content(request).with(new Token(1, 1)));
                  }
                });
        CoapStore store = open(server)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> store.get(reference, target))
          .withMessage("no answer from " + server.url());
      assertThat(clock.pauses).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 512, 32_767, 40_000})
  void blockOfAnotherSizeIsCorrupt(int bytes) throws IOException {
    try (var server =
            ScriptedTcpServer.answering(
                (request, peer) ->
                    peer.send(content(request).with(MemorySegment.ofArray(new byte[bytes]))));
        CoapStore store = open(server)) {
      assertThatExceptionOfType(CorruptBlock.class).isThrownBy(() -> store.get(reference, target));
    }
  }

  @Test
  void nobodyThereIsSeenAtOnce() throws IOException {
    ScriptedTcpServer gone = new ScriptedTcpServer((_, _) -> {});
    try (CoapStore store = open(gone)) {
      gone.close();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> store.get(reference, target))
          .withMessageStartingWith("cannot connect to coap+tcp://127.0.0.1:");
    }
  }
}
