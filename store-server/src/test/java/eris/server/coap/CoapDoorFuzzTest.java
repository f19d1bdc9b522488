package eris.server.coap;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.server.blocks.BlockService;
import eris.server.blocks.Protocol;
import eris.server.blocks.RequestCounts;
import eris.server.blocks.RequestCounts.Method;
import eris.server.blocks.RequestLog;
import eris.server.config.EchoMode;
import eris.server.config.RequestEntry;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.server.http.Mutations;
import eris.store.MemoryBlockStore;
import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.CoapOption;
import eris.stores.coap.Datagram;
import eris.stores.coap.Frame;
import eris.stores.coap.Part;
import eris.testkit.SampleBlock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Malformed messages, by thousands: `-Deris.fuzz.count=N -Deris.fuzz.seed=S` for more, or the same
/// again.
@Timeout(3600)
final class CoapDoorFuzzTest {
  private static final int COUNT = Integer.getInteger("eris.fuzz.count", 3000);
  private static final long SEED = Long.getLong("eris.fuzz.seed", 1);
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final CoapDoor.Settings TAKING = new CoapDoor.Settings(true, EchoMode.OFF);

  private final MemoryBlockStore store = new MemoryBlockStore();
  private final List<RequestEntry> failures = Collections.synchronizedList(new ArrayList<>());
  private final RequestLog log = new RequestLog(new Listening());
  private final BlockService blocks = new BlockService(store, StoreLimits.DEFAULT, log);
  private final SampleBlock small = SampleBlock.of(BlockSize.KIB_1, 1);
  private final SampleBlock large = SampleBlock.of(BlockSize.KIB_32, 1);

  /// Hears of every answer; some of them are failures of ours.
  private final class Listening implements ServerLog {
    @Override
    public void write(Level level, String event, Map<String, ?> fields) {}

    @Override
    public void request(RequestEntry entry) {
      if (entry.status().equals("5.00")) {
        failures.add(entry);
      }
    }
  }

  private List<CoapMessage> messages() {
    MemorySegment reference = MemorySegment.ofArray(new byte[32]);
    small.reference().writeTo(reference, 0);
    byte[] raw = reference.toArray(ValueLayout.JAVA_BYTE);
    var text = CoapOption.text(CoapOption.URI_QUERY, large.reference().toString());
    return List.of(
        request(CoapCode.GET).with(CoapOption.of(CoapOption.URI_QUERY, raw)),
        request(CoapCode.GET).with(text),
        request(CoapCode.GET).with(text).with(new Part(3, false, 6).toOption(CoapOption.BLOCK2)),
        request(CoapCode.GET).with(text).with(CoapOption.uint(CoapOption.SIZE1, 32768)),
        request(CoapCode.PUT).with(small.bytes()),
        request(CoapCode.PUT)
            .with(new Part(0, true, 6).toOption(CoapOption.BLOCK1))
            .with(small.bytes()),
        CoapMessage.of(CoapCode.GET, CoapOption.text(CoapOption.URI_PATH, ".well-known")));
  }

  private static CoapMessage request(int code) {
    return CoapMessage.of(
        code,
        CoapOption.text(CoapOption.URI_PATH, ".well-known"),
        CoapOption.text(CoapOption.URI_PATH, "eris"),
        CoapOption.text(CoapOption.URI_PATH, "blocks"));
  }

  private byte[][] corpus(Function<CoapMessage, byte[]> form) {
    return messages().stream().map(form).toArray(byte[][]::new);
  }

  @Test
  void malformedDatagramsHarmNobody() throws Exception {
    log.turn(true);
    store.put(large.reference(), large.bytes());
    var mutations = new Mutations(corpus(CoapDoorFuzzTest::datagram), SEED);
    try (CoapDoor door = CoapDoor.udp(ANY, blocks, TAKING);
        var socket = new DatagramSocket()) {
      socket.setSoTimeout(20_000);
      for (int i = 0; i < COUNT; i++) {
        byte[] bytes = mutations.next();
        int length = Math.min(bytes.length, 60_000);
        socket.send(new DatagramPacket(bytes, length, door.address()));
        if (i % 50 == 0) {
          awaitAnswer(socket, door.address(), i);
        }
      }
    }
    assertNoFaultOfOurs(Protocol.COAP);
  }

  /// A ping is answered, after whatever was answered before: the door lives.
  private static void awaitAnswer(DatagramSocket socket, InetSocketAddress door, int number)
      throws IOException {
    int id = 40_000 + number / 50 % 20_000;
    byte[] ping = {0x40, 0, (byte) (id >> 8), (byte) id};
    socket.send(new DatagramPacket(ping, ping.length, door));
    var answer = new DatagramPacket(new byte[Datagram.MAX_BYTES], Datagram.MAX_BYTES);
    do {
      socket.receive(answer);
    } while (answer.getLength() != 4
        || answer.getData()[2] != ping[2]
        || answer.getData()[3] != ping[3]);
  }

  @Test
  void malformedStreamsHarmNobody() throws Exception {
    log.turn(true);
    store.put(large.reference(), large.bytes());
    var mutations = new Mutations(corpus(CoapDoorFuzzTest::frame), SEED);
    try (CoapDoor door = CoapDoor.tcp(ANY, blocks, TAKING)) {
      for (int i = 0; i < COUNT; i++) {
        byte[] bytes = mutations.next();
        try (var socket = new Socket()) {
          socket.connect(door.address());
          socket.setSoTimeout(20_000);
          socket.getOutputStream().write(bytes);
          socket.shutdownOutput();
          socket.getInputStream().readAllBytes(); // until it closes
        } catch (SocketException _) {
          // it had heard enough
        }
      }
    }
    assertNoFaultOfOurs(Protocol.COAP_TCP);
  }

  /// The store is as it should be, so nothing may fail. (5.05, that there is no proxy, and 5.03, that
  /// too much was begun, are the client's.)
  private void assertNoFaultOfOurs(Protocol protocol) {
    RequestCounts counts = blocks.counts().requests(protocol);
    assertThat(counts.count(Method.GET, 2) + counts.count(Method.PUT, 2)).isPositive();
    assertThat(counts.count(Method.GET, 4) + counts.count(Method.OTHER, 4)).isPositive();
    log.close(); // when all is written
    assertThat(log.dropped()).isZero();
    assertThat(failures).as("seed %d", SEED).isEmpty();
    assertThat(blocks.pending()).isZero();
    blocks.close();
  }

  private static byte[] datagram(CoapMessage message) {
    var datagram = new Datagram(Datagram.Type.CONFIRMABLE, 7, message);
    ByteBuffer bytes = ByteBuffer.allocate(datagram.encodedBytes());
    datagram.writeTo(bytes);
    return bytes.array();
  }

  private static byte[] frame(CoapMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(Frame.encodedBytes(message));
    Frame.writeTo(bytes, message);
    return bytes.array();
  }
}
