package eris.stores.coap;

import eris.stores.Right;
import eris.stores.StoreUrl;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server on this machine that does with each datagram as a test says, and remembers all of them.
final class ScriptedUdpServer implements AutoCloseable {
  private final DatagramSocket socket;
  private final Script script;
  final List<Datagram> received = new CopyOnWriteArrayList<>();
  final Set<SocketAddress> sources = java.util.concurrent.ConcurrentHashMap.newKeySet();

  /// What to send for a datagram.
  @FunctionalInterface
  interface Script {
    void play(Datagram datagram, Answer answer) throws IOException;
  }

  /// Where a datagram came from.
  final class Answer {
    private final SocketAddress source;

    private Answer(SocketAddress source) {
      this.source = source;
    }

    void raw(byte[] bytes) throws IOException {
      socket.send(new DatagramPacket(bytes, bytes.length, source));
    }

    void send(Datagram datagram) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(datagram.encodedBytes());
      datagram.writeTo(bytes);
      raw(bytes.array());
    }

    /// With the acknowledgement of `request`.
    void acknowledge(Datagram request, CoapMessage response) throws IOException {
      send(
          new Datagram(
              Datagram.Type.ACKNOWLEDGEMENT,
              request.id(),
              response.with(request.message().token())));
    }
  }

  ScriptedUdpServer(Script script) throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    this.script = script;
    Thread.ofVirtual().name("scripted-udp").start(this::run);
  }

  private void run() {
    byte[] buffer = new byte[4096];
    try {
      while (true) {
        var packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        Datagram datagram = Datagram.readFrom(ByteBuffer.wrap(buffer, 0, packet.getLength()));
        received.add(datagram);
        sources.add(packet.getSocketAddress());
        if (CoapCode.isRequest(datagram.message().code())) {
          script.play(datagram, new Answer(packet.getSocketAddress()));
        }
      }
    } catch (IOException _) {
      // closed
    }
  }

  StoreUrl.Coap url() {
    return new StoreUrl.Coap(
        URI.create("coap://127.0.0.1:%d/.well-known/eris".formatted(socket.getLocalPort())),
        Optional.empty(),
        Set.of(Right.GET, Right.PUT));
  }

  @Override
  public void close() {
    socket.close();
  }
}
