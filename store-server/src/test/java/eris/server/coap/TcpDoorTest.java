package eris.server.coap;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.CoapOption;
import eris.stores.coap.Frame;
import eris.stores.coap.Part;
import eris.stores.coap.Token;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The exact messages of the server over TCP.
@Timeout(60)
final class TcpDoorTest {
  private static final String CSM = "50e12301000020"; // 65536 bytes, and parts

  private final CoapFixture fixture = new CoapFixture();
  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    fixture.close();
  }

  /// A connection, and what was read of it.
  private final class Peer {
    private final Socket socket;
    private ByteBuffer read = ByteBuffer.allocate(1 << 17).flip();

    Peer(CoapDoor door) throws IOException {
      socket = new Socket(door.address().getAddress(), door.address().getPort());
      sockets.add(socket);
    }

    void send(String hex) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(HexFormat.of().parseHex(hex));
      out.flush();
    }

    void send(CoapMessage message) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(Frame.encodedBytes(message));
      Frame.writeTo(bytes, message);
      send(HexFormat.of().formatHex(bytes.array()));
    }

    /// The next message; empty if the server hangs up.
    Optional<CoapMessage> receive() throws IOException {
      while (true) {
        Optional<CoapMessage> message = Frame.readFrom(read, 1 << 17);
        if (message.isPresent()) {
          return message;
        }
        read.compact();
        int count = readSome();
        read.flip();
        if (count < 0) {
          return Optional.empty();
        }
      }
    }

    private int readSome() throws IOException {
      try {
        int count = socket.getInputStream().read(read.array(), read.position(), read.remaining());
        read.position(read.position() + Math.max(count, 0));
        return count;
      } catch (SocketException _) {
        return -1; // a reset
      }
    }

    CoapMessage ask(CoapMessage request) throws IOException {
      send(request);
      return receive().orElseThrow();
    }
  }

  private Peer greeted(CoapDoor door) throws IOException {
    var peer = new Peer(door);
    peer.send(CSM);
    assertThat(peer.receive().orElseThrow().code()).isEqualTo(CoapCode.CSM);
    return peer;
  }

  private static CoapMessage get(Reference reference) {
    return CoapMessage.of(
            CoapCode.GET,
            CoapOption.text(CoapOption.URI_PATH, ".well-known"),
            CoapOption.text(CoapOption.URI_PATH, "eris"),
            CoapOption.text(CoapOption.URI_PATH, "blocks"),
            CoapOption.text(CoapOption.URI_QUERY, reference.toString()))
        .with(new Token(7, 2));
  }

  @Test
  void serverGreetsWithoutBeingAsked() throws IOException {
    var peer = new Peer(fixture.tcp());
    byte[] greeting = new byte[7];
    assertThat(peer.socket.getInputStream().readNBytes(greeting, 0, 7)).isEqualTo(7);
    assertThat(HexFormat.of().formatHex(greeting)).isEqualTo(CSM);
  }

  @Test
  void largeBlockIsOneMessage() throws IOException {
    byte[] block = fixture.bytes(BlockSize.KIB_32);
    Reference reference = fixture.hold(block);
    Peer peer = greeted(fixture.tcp());
    CoapMessage response = peer.ask(get(reference));
    assertThat(response.code()).isEqualTo(CoapCode.CONTENT);
    assertThat(response.token()).isEqualTo(new Token(7, 2));
    assertThat(response.payload().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(block);
    assertThat(response.options().has(CoapOption.BLOCK2)).isFalse();
  }

  /// Californium's clients say nothing about themselves; what they take is in the RFC.
  @Test
  void peerThatTakesLittleGetsParts() throws IOException {
    Reference reference = fixture.hold(fixture.bytes(BlockSize.KIB_32));
    var peer = new Peer(fixture.tcp());
    assertThat(peer.receive()).isPresent();
    CoapMessage response = peer.ask(get(reference));
    assertThat(Part.of(response, CoapOption.BLOCK2)).hasValue(new Part(0, true, Part.KIB_1));
    assertThat(Frame.encodedBytes(response)).isLessThanOrEqualTo(1152);
  }

  @Test
  void peerMayAskForLargeParts() throws IOException {
    byte[] block = fixture.bytes(BlockSize.KIB_32);
    Reference reference = fixture.hold(block);
    var peer = new Peer(fixture.tcp());
    peer.send(CoapMessage.of(CoapCode.CSM, CoapOption.uint(2, 9000)));
    assertThat(peer.receive()).isPresent();
    CoapMessage response =
        peer.ask(get(reference).with(new Part(8, false, Part.BERT).toOption(CoapOption.BLOCK2)));
    assertThat(Part.of(response, CoapOption.BLOCK2)).hasValue(new Part(8, true, Part.BERT));
    assertThat(response.payload().toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo(java.util.Arrays.copyOfRange(block, 8 << 10, 16 << 10));
  }

  @Test
  void blockIsTakenWholeAndInLargeParts() throws IOException {
    Peer peer = greeted(fixture.tcp());
    byte[] block = fixture.bytes(BlockSize.KIB_32);
    CoapMessage put =
        CoapMessage.of(
            CoapCode.PUT,
            CoapOption.text(CoapOption.URI_PATH, ".well-known"),
            CoapOption.text(CoapOption.URI_PATH, "eris"),
            CoapOption.text(CoapOption.URI_PATH, "blocks"));
    MemorySegment body = MemorySegment.ofArray(block);
    assertThat(peer.ask(put.with(body)).code()).isEqualTo(CoapCode.CREATED);
    assertThat(fixture.holds(block)).isTrue();
    byte[] other = fixture.bytes(BlockSize.KIB_32);
    MemorySegment parts = MemorySegment.ofArray(other);
    CoapMessage first =
        put.with(new Part(0, true, Part.BERT).toOption(CoapOption.BLOCK1))
            .with(parts.asSlice(0, 20 << 10));
    CoapMessage last =
        put.with(new Part(20, false, Part.BERT).toOption(CoapOption.BLOCK1))
            .with(parts.asSlice(20 << 10));
    assertThat(peer.ask(first).code()).isEqualTo(CoapCode.CONTINUE);
    assertThat(peer.ask(last).code()).isEqualTo(CoapCode.CREATED);
    assertThat(fixture.holds(other)).isTrue();
    CoapMessage tooLarge = peer.ask(put.with(MemorySegment.ofArray(new byte[32_769])));
    assertThat(tooLarge.code()).isEqualTo(CoapCode.ENTITY_TOO_LARGE);
  }

  @Test
  void pingIsAnsweredAmongRequests() throws IOException {
    Peer peer = greeted(fixture.tcp());
    peer.send("0000" + "02e2abcd"); // an empty message before it
    CoapMessage pong = peer.receive().orElseThrow();
    assertThat(pong.code()).isEqualTo(CoapCode.PONG);
    assertThat(pong.token()).isEqualTo(new Token(0xabcd, 2));
  }

  @Test
  void requestsAreAnsweredAndThenTheConnectionEnds() throws IOException {
    Reference reference = fixture.hold(fixture.bytes(BlockSize.KIB_32));
    Peer peer = greeted(fixture.tcp());
    for (int i = 0; i < 40; i++) {
      peer.send(get(reference));
    }
    peer.send("00e4"); // release
    for (int i = 0; i < 40; i++) {
      assertThat(peer.receive().orElseThrow().code()).isEqualTo(CoapCode.CONTENT);
    }
    assertThat(peer.receive()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f0ffffffff01", // 4 GiB are announced
        "0f01", // a token of 15 bytes
        "1001ff", // no payload
        "474554202f20485454502f312e310d0a0d0a", // GET / HTTP/1.1
        "10e190", // a CSM with an option that is critical and unknown
      })
  void malformedMessageIsAnAbort(String hex) throws IOException {
    Peer peer = greeted(fixture.tcp());
    peer.send(hex + "00".repeat(64));
    Optional<CoapMessage> abort = peer.receive();
    abort.ifPresent(message -> assertThat(message.code()).isEqualTo(CoapCode.ABORT));
    assertThat(abort.isPresent() ? peer.receive() : abort).isEmpty();
  }

  @Test
  void abortEndsTheConnection() throws IOException {
    Peer peer = greeted(fixture.tcp());
    peer.send("00e5");
    assertThat(peer.receive()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "50e123", CSM + "e0"})
  void peerThatKeepsUsWaitingIsCut(String hex) throws IOException {
    var peer =
        new Peer(fixture.tcp(new TcpDoor.Patience(Duration.ofMillis(300), Duration.ofMinutes(1))));
    peer.send(hex);
    assertThat(peer.receive().orElseThrow().code()).isEqualTo(CoapCode.CSM);
    assertThat(peer.receive()).isEmpty();
  }

  @Test
  void peerThatDoesNotTakeItsAnswersIsCut() throws IOException, InterruptedException {
    CoapDoor door =
        fixture.tcp(new TcpDoor.Patience(Duration.ofMillis(300), Duration.ofMinutes(1)));
    Reference reference = fixture.hold(fixture.bytes(BlockSize.KIB_32));
    Peer greedy = greeted(door);
    Thread asking =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < 10_000; i++) {
                      greedy.send(get(reference)); // 320 MiB of answers
                    }
                  } catch (IOException _) {
                    // as it should be
                  }
                });
    asking.join();
    Peer other = greeted(door);
    assertThat(other.ask(get(reference)).code()).isEqualTo(CoapCode.CONTENT);
  }

  @Test
  void silentPeerIsCutAfterAWhile() throws IOException {
    Peer peer =
        greeted(fixture.tcp(new TcpDoor.Patience(Duration.ofMinutes(1), Duration.ofMillis(300))));
    assertThat(peer.receive()).isEmpty();
  }

  @Test
  void peersAreToldWhenTheDoorCloses() throws IOException {
    CoapDoor door = fixture.tcp();
    Peer peer = greeted(door);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                door.close();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertThat(peer.receive().orElseThrow().code()).isEqualTo(CoapCode.RELEASE);
    assertThat(peer.receive()).isEmpty();
  }
}
