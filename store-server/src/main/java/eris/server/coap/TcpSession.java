package eris.server.coap;

import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapConnection;
import eris.stores.coap.CoapMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/// One peer over TCP. Requests that wait for the store do not keep others waiting, up to 16 of them;
/// a peer that does not take its answers gets no more.
final class TcpSession {
  private static final int MAX_IN_FLIGHT = 16;

  private final InetSocketAddress address; // of the peer
  private final CoapConnection connection;
  private final BlockResource resource;
  private final Semaphore free = new Semaphore(MAX_IN_FLIGHT);

  TcpSession(SocketChannel channel, BlockResource resource) throws IOException {
    address = (InetSocketAddress) channel.getRemoteAddress();
    connection = new CoapConnection(channel);
    this.resource = resource;
  }

  /// Answers until the peer has no more to ask, or something is wrong with the connection.
  void run() {
    try {
      connection.greet();
      while (true) {
        Optional<CoapMessage> message = connection.receive();
        if (message.isEmpty()) {
          break;
        }
        if (CoapCode.isRequest(message.get().code())) { // we ask nothing, so no response is for us
          take(message.get());
        }
      }
      free.acquire(MAX_IN_FLIGHT); // whatever is under way is answered
    } catch (IOException _) {
      // the peer knows
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody does
    } finally {
      close();
      resource.forget(peer());
    }
  }

  private void take(CoapMessage request) throws IOException, InterruptedException {
    free.acquire();
    var response = new CompletableFuture<CoapMessage>();
    resource.answer(request, peer(), response::complete);
    if (response.isDone()) {
      send(request, response);
    } else {
      Thread.ofVirtual().name("eris-coap-answer").start(() -> sendLater(request, response));
    }
  }

  private void sendLater(CoapMessage request, CompletableFuture<CoapMessage> response) {
    try {
      send(request, response);
    } catch (IOException _) {
      close(); // which the receiving thread hears
    }
  }

  private void send(CoapMessage request, CompletableFuture<CoapMessage> response)
      throws IOException {
    try {
      connection.send(response.join().with(request.token()));
    } finally {
      free.release();
    }
  }

  private Peer peer() {
    return new Peer(this, address, connection.peerMaxMessageBytes(), Optional.empty());
  }

  boolean isOverdue(TcpDoor.Patience patience) {
    return connection.stalledFor().compareTo(patience.stalled()) > 0
        || connection.idleFor().compareTo(patience.idle()) > 0;
  }

  /// Asks the peer to go.
  void release() {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                connection.release();
              } catch (IOException _) {
                close();
              }
            });
  }

  void close() {
    try {
      connection.close();
    } catch (IOException _) {
      // it is of no use any more
    }
  }
}
