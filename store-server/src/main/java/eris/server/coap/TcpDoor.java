package eris.server.coap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// CoAP over TCP (RFC 8323). A virtual thread for each connection, and one that closes those whose
/// peers keep us waiting or have nothing to say.
final class TcpDoor implements CoapDoor {
  private static final int MAX_CONNECTIONS = 16_384;
  private static final int BACKLOG = 1024;
  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

  /// How long peers may take, and may be silent.
  record Patience(Duration stalled, Duration idle) {
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(20), Duration.ofMinutes(10));
  }

  private final ServerSocketChannel listener;
  private final BlockResource resource;
  private final Patience patience;
  private final Set<TcpSession> sessions = ConcurrentHashMap.newKeySet();

  private TcpDoor(ServerSocketChannel listener, BlockResource resource, Patience patience) {
    this.listener = listener;
    this.resource = resource;
    this.patience = patience;
  }

  static TcpDoor open(InetSocketAddress address, BlockResource resource) throws IOException {
    return open(address, resource, Patience.DEFAULT);
  }

  static TcpDoor open(InetSocketAddress address, BlockResource resource, Patience patience)
      throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(address, BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    var door = new TcpDoor(listener, resource, patience);
    Thread.ofVirtual().name("eris-coap-accept").start(door::acceptAll);
    Thread.ofVirtual().name("eris-coap-sweep").start(door::sweep);
    return door;
  }

  private void acceptAll() {
    while (listener.isOpen()) {
      try {
        admit(listener.accept());
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException _) {
        pause(PAUSE_AFTER_FAILURE); // of descriptors there may be some again later
      }
    }
  }

  private void admit(SocketChannel channel) throws IOException {
    if (sessions.size() >= MAX_CONNECTIONS) {
      channel.close();
      return;
    }
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    var session = new TcpSession(channel, resource);
    sessions.add(session);
    Thread.ofVirtual()
        .name("eris-coap-tcp")
        .start(
            () -> {
              try {
                session.run();
              } finally {
                sessions.remove(session);
              }
            });
  }

  private void sweep() {
    while (listener.isOpen()) {
      pause(SWEEP);
      for (TcpSession session : sessions) {
        if (session.isOverdue(patience)) {
          session.close();
        }
      }
    }
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody does
    }
  }

  @Override
  public void takeBlocks(boolean wanted) {
    resource.takeBlocks(wanted);
  }

  @Override
  public InetSocketAddress address() throws IOException {
    return (InetSocketAddress) listener.getLocalAddress();
  }

  /// Tells the peers, and ends what is not answered within a moment.
  @Override
  public void close() throws IOException {
    listener.close();
    sessions.forEach(TcpSession::release);
    for (int i = 0; i < 20 && !sessions.isEmpty(); i++) {
      pause(PAUSE_AFTER_FAILURE);
    }
    sessions.forEach(TcpSession::close);
  }
}
