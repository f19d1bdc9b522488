package eris.stores.coap;

import eris.stores.Right;
import eris.stores.StoreUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server on this machine that does with each message as a test says, signals included, and
/// remembers all of them.
final class ScriptedTcpServer implements AutoCloseable {
  private final ServerSocketChannel listener;
  private final Script script;
  final List<CoapMessage> received = new CopyOnWriteArrayList<>();
  final List<SocketChannel> connections = new CopyOnWriteArrayList<>();

  /// What to send for a message. The first one is the client's CSM.
  @FunctionalInterface
  interface Script {
    void play(CoapMessage message, Peer peer) throws IOException;
  }

  record Peer(SocketChannel channel, int connection) {
    void raw(byte[] bytes) throws IOException {
      channel.write(ByteBuffer.wrap(bytes));
    }

    void send(CoapMessage message) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(Frame.encodedBytes(message));
      Frame.writeTo(bytes, message);
      channel.write(bytes.flip());
    }
  }

  ScriptedTcpServer(Script script) throws IOException {
    listener =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.script = script;
    Thread.ofVirtual().name("scripted-tcp").start(this::accept);
  }

  /// One that greets, and answers each request.
  static ScriptedTcpServer answering(Script ofRequests) throws IOException {
    return new ScriptedTcpServer(
        (message, peer) -> {
          if (message.code() == CoapCode.CSM) {
            peer.send(csm(1 << 16));
          } else {
            ofRequests.play(message, peer);
          }
        });
  }

  static CoapMessage csm(int maxMessageBytes) {
    return CoapMessage.of(
        CoapCode.CSM, CoapOption.uint(2, maxMessageBytes), CoapOption.of(4, new byte[0]));
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        connections.add(channel);
        var peer = new Peer(channel, connections.size());
        Thread.ofVirtual().start(() -> run(peer));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void run(Peer peer) {
    ByteBuffer input = ByteBuffer.allocate(1 << 17);
    try (SocketChannel channel = peer.channel()) {
      while (channel.read(input) >= 0) {
        input.flip();
        for (CoapMessage message : all(input)) {
          received.add(message);
          script.play(message, peer);
        }
        input.compact();
      }
    } catch (IOException _) {
      // the test ends
    }
  }

  private static List<CoapMessage> all(ByteBuffer input) throws MalformedMessage {
    List<CoapMessage> messages = new ArrayList<>();
    Optional<CoapMessage> message = Frame.readFrom(input, 1 << 17);
    while (message.isPresent()) {
      messages.add(message.get());
      message = Frame.readFrom(input, 1 << 17);
    }
    return messages;
  }

  StoreUrl.Coap url() throws IOException {
    int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
    return new StoreUrl.Coap(
        URI.create("coap+tcp://127.0.0.1:%d/.well-known/eris".formatted(port)),
        Optional.empty(),
        Set.of(Right.GET, Right.PUT));
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }
}
