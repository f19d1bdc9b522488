package eris.stores.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.stores.coap.ScriptedUdpServer.Script;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A client over UDP, and servers that keep to the protocol and that do not.
@Timeout(60)
final class UdpClientTest {
  private static final CoapStore.Limits SHORT =
      new CoapStore.Limits(Duration.ofMillis(500), Duration.ofMillis(500));

  private final byte[] block = new byte[1024];
  private final Reference reference;
  private final MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
  private final PausedClock clock = new PausedClock();

  UdpClientTest() {
    new Random(3).nextBytes(block);
    reference = Reference.of(MemorySegment.ofArray(block));
  }

  @FunctionalInterface
  private interface Use {
    void of(CoapStore store, ScriptedUdpServer server) throws IOException;
  }

  private void with(Script script, Use use) throws IOException {
    try (var server = new ScriptedUdpServer(script);
        CoapStore store =
            CoapStore.open(server.url(), Optional.empty(), SHORT, clock, new Random(1))) {
      use.of(store, server);
    }
  }

  private CoapMessage content() {
    return CoapMessage.of(CoapCode.CONTENT).with(MemorySegment.ofArray(block));
  }

  private void assertGets(CoapStore store) throws IOException {
    MemorySegment got = store.get(reference, target).orElseThrow();
    assertThat(got.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(block);
  }

  @Test
  void requestIsWhatOtherServersUnderstand() throws IOException {
    with(
        (request, answer) -> answer.acknowledge(request, content()),
        (store, server) -> {
          assertGets(store);
          assertThat(server.received).hasSize(1);
          CoapMessage request = server.received.getFirst().message();
          assertThat(request.code()).isEqualTo(CoapCode.GET);
          assertThat(request.options().all())
              .containsExactly(
                  CoapOption.text(CoapOption.URI_PATH, ".well-known"),
                  CoapOption.text(CoapOption.URI_PATH, "eris"),
                  CoapOption.text(CoapOption.URI_PATH, "blocks"),
                  CoapOption.text(CoapOption.URI_QUERY, reference.toString()),
                  CoapOption.uint(CoapOption.BLOCK2, Part.KIB_1),
                  CoapOption.uint(CoapOption.SIZE1, 32768));
          store.put(reference, MemorySegment.ofArray(block));
          CoapMessage put = server.received.getLast().message();
          assertThat(put.code()).isEqualTo(CoapCode.PUT);
          assertThat(put.options().has(CoapOption.URI_QUERY)).isFalse();
          assertThat(put.options().uint(CoapOption.SIZE1)).hasValue(1024);
          assertThat(put.payload().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(block);
        });
  }

  /// nim-eris wants to be told how large the block is.
  @Test
  void bothSizesAreAskedFor() throws IOException {
    with(
        (request, answer) -> {
          boolean small = request.message().options().uint(CoapOption.SIZE1).orElse(0) == 1024;
          answer.acknowledge(request, small ? content() : CoapMessage.of(CoapCode.NOT_FOUND));
        },
        (store, server) -> {
          assertGets(store);
          assertThat(server.received).hasSize(2);
          assertGets(store);
          assertThat(server.received).as("the size is remembered").hasSize(3);
          assertThat(store.contains(reference)).isTrue();
        });
  }

  @Test
  void responseMayComeOnItsOwn() throws IOException {
    with(
        (request, answer) -> {
          answer.send(Datagram.empty(Datagram.Type.ACKNOWLEDGEMENT, request.id()));
          answer.send(
              new Datagram(
                  Datagram.Type.CONFIRMABLE, 77, content().with(request.message().token())));
        },
        (store, server) -> {
          assertGets(store);
          awaitDatagram(server, Datagram.Type.ACKNOWLEDGEMENT, 77);
        });
  }

  /// eris-go's servers look for blocks at their clients.
  @Test
  void whatElseComesIsAnswered() throws IOException {
    with(
        (request, answer) -> {
          answer.raw(new byte[] {1, 2, 3});
          answer.raw(new byte[] {(byte) 0x40, (byte) 0xc0, 0, 9}); // a reserved code
          answer.send(Datagram.empty(Datagram.Type.CONFIRMABLE, 7));
          answer.send(new Datagram(Datagram.Type.CONFIRMABLE, 8, CoapMessage.of(CoapCode.GET)));
          answer.acknowledge(request, content());
        },
        (store, server) -> {
          assertGets(store);
          awaitDatagram(server, Datagram.Type.RESET, 9);
          awaitDatagram(server, Datagram.Type.RESET, 7);
          Datagram notFound = awaitDatagram(server, Datagram.Type.ACKNOWLEDGEMENT, 8);
          assertThat(notFound.message().code()).isEqualTo(CoapCode.NOT_FOUND);
        });
  }

  private static Datagram awaitDatagram(ScriptedUdpServer server, Datagram.Type type, int id) {
    while (true) {
      for (Datagram each : server.received) {
        if (each.type() == type && each.id() == id) {
          return each;
        }
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void addressIsShownToBeOurs() throws IOException {
    CoapOption echo = CoapOption.of(CoapOption.ECHO, new byte[] {1, 2, 3});
    with(
        (request, answer) ->
            answer.acknowledge(
                request,
                request.message().options().first(CoapOption.ECHO).equals(Optional.of(echo))
                    ? content()
                    : CoapMessage.of(CoapCode.UNAUTHORIZED, echo)),
        (store, server) -> {
          assertGets(store);
          assertThat(server.received).hasSize(2);
          assertThat(server.sources).hasSize(1);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "other token", "other id", "garbage", "empty acknowledgement"})
  void serverWithoutAnAnswerIsNotWaitedForLong(String how) throws IOException {
    with(
        (request, answer) -> {
          Token other = new Token(request.message().token().value() ^ 1, 4);
          switch (how) {
            case "other token" -> answer.send(acknowledgement(request.id(), content().with(other)));
            case "other id" ->
                answer.send(
                    acknowledgement(request.id() ^ 1, content().with(request.message().token())));
            case "garbage" -> answer.raw(new byte[] {0x55, 0x45, 1, 2, 3});
            case "empty acknowledgement" ->
                answer.send(Datagram.empty(Datagram.Type.ACKNOWLEDGEMENT, request.id()));
            default -> {}
          }
        },
        (store, server) -> {
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(() -> store.get(reference, target))
              .withMessage("no answer from " + server.url());
          assertThat(clock.pauses).isEmpty();
        });
  }

  private static Datagram acknowledgement(int id, CoapMessage message) {
    return new Datagram(Datagram.Type.ACKNOWLEDGEMENT, id, message);
  }

  @ParameterizedTest
  @CsvSource({
    "short, 'holds 512 bytes, want 1024 or 32768'",
    "wrong, does not hash to its reference",
    "large, 'holds 1025 bytes, want 1024 or 32768'",
    "endless, holds more than 32768 bytes",
  })
  void wrongBlockIsCorrupt(String how, String detail) throws IOException {
    with(
        (request, answer) -> answer.acknowledge(request, wrong(how, request.message())),
        (store, _) -> {
          assertThatExceptionOfType(CorruptBlock.class)
              .isThrownBy(() -> store.get(reference, target))
              .satisfies(e -> assertThat(e.reference()).isEqualTo(reference))
              .satisfies(e -> assertThat(e.detail()).isEqualTo(detail));
        });
  }

  private static CoapMessage wrong(String how, CoapMessage request) throws MalformedMessage {
    CoapMessage content = CoapMessage.of(CoapCode.CONTENT);
    return switch (how) {
      case "short" -> content.with(MemorySegment.ofArray(new byte[512]));
      case "wrong" -> content.with(MemorySegment.ofArray(new byte[1024]));
      case "large" -> content.with(MemorySegment.ofArray(new byte[1025]));
      default -> {
        int index = Part.of(request, CoapOption.BLOCK2).orElseThrow().index();
        yield content
            .with(new Part(index, true, Part.KIB_1).toOption(CoapOption.BLOCK2))
            .with(MemorySegment.ofArray(new byte[1024]));
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "0x85, ReadOnly, store SERVER is read-only",
    "0x8d, Refused, store SERVER refused: a block of 1024 bytes is too large",
    "0x81, Refused, store SERVER refused: code 4.01",
    "0x83, Refused, store SERVER refused: code 4.03",
    "0x80, IOException, SERVER answers 4.00",
    "0x84, IOException, SERVER answers 4.04",
    "0xa0, IOException, SERVER answers 5.00",
  })
  void putThatIsNotTakenSaysWhy(String code, String type, String line) throws IOException {
    with(
        (request, answer) -> answer.acknowledge(request, CoapMessage.of(Integer.decode(code))),
        (store, server) -> {
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(() -> store.put(reference, MemorySegment.ofArray(block)))
              .withMessage(line.replace("SERVER", server.url().toString()))
              .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(type));
          assertThat(clock.pauses).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"busy", "reset"})
  void whatFailsForAWhileIsAskedAgain(String how) throws IOException {
    var requests = new AtomicInteger();
    with(
        (request, answer) -> {
          if (requests.incrementAndGet() > 3) {
            answer.acknowledge(request, content());
          } else if (how.equals("busy")) {
            answer.acknowledge(request, CoapMessage.of(CoapCode.UNAVAILABLE));
          } else {
            answer.send(Datagram.empty(Datagram.Type.RESET, request.id()));
          }
        },
        (store, _) -> {
          assertGets(store);
          assertThat(clock.pauses).hasSize(3);
        });
  }

  @Test
  void serverThatAlwaysResetsIsAskedFiveTimes() throws IOException {
    with(
        (request, answer) -> answer.send(Datagram.empty(Datagram.Type.RESET, request.id())),
        (store, server) -> {
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(() -> store.get(reference, target))
              .withMessage("%s reset the request", server.url());
          assertThat(server.received).hasSize(5);
          assertThat(server.sources).as("each from another port").hasSize(5);
        });
  }

  @Test
  void nobodyThereIsSeenAtOnce() throws IOException {
    int port;
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var url =
        new eris.stores.StoreUrl.Coap(
            URI.create("coap://127.0.0.1:%d/s".formatted(port)), Optional.empty(), Set.of());
    try (CoapStore store = CoapStore.open(url, Optional.empty())) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> store.get(reference, target))
          .withMessage("nothing answers at coap://127.0.0.1:%d", port);
    }
  }

  @Test
  void lostDatagramIsSentAgain() throws IOException {
    List<Datagram> sent = new java.util.ArrayList<>();
    var link = new LosingLink(2, sent);
    var lane = new Lane(link, new MessageIds(clock, 0), new Random(1), Duration.ofMillis(5));
    CoapMessage response =
        lane.exchange(CoapMessage.of(CoapCode.GET), Deadline.in(Duration.ofSeconds(30)))
            .orElseThrow();
    assertThat(response.code()).isEqualTo(CoapCode.NOT_FOUND);
    assertThat(sent).hasSize(3).extracting(Datagram::id).containsOnly(0);
  }

  @Test
  void fifthDatagramIsTheLast() throws IOException {
    List<Datagram> sent = new java.util.ArrayList<>();
    var link = new LosingLink(100, sent);
    var lane = new Lane(link, new MessageIds(clock, 0), new Random(1), Duration.ofMillis(5));
    assertThat(lane.exchange(CoapMessage.of(CoapCode.GET), Deadline.in(Duration.ofSeconds(30))))
        .isEmpty();
    assertThat(sent).hasSize(5);
  }

  @Test
  void waitingThreadCanBeInterrupted() throws Exception {
    try (var server = new ScriptedUdpServer((_, _) -> {});
        CoapStore store = CoapStore.open(server.url(), Optional.empty())) {
      var outcome = new CompletableFuture<Throwable>();
      Thread reader =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      store.get(reference, target);
                    } catch (IOException e) {
                      outcome.complete(e);
                    }
                  });
      while (server.received.isEmpty()) {
        Thread.onSpinWait();
      }
      reader.interrupt();
      assertThat(outcome.get()).isInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void closedStoreSaysSo() throws IOException {
    with(
        (request, answer) -> answer.acknowledge(request, content()),
        (store, server) -> {
          store.close();
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(() -> store.get(reference, target))
              .withMessage("the client of %s is closed", server.url());
          assertThatExceptionOfType(IOException.class).isThrownBy(store::sync);
        });
  }
}
