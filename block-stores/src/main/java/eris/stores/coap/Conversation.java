package eris.stores.coap;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A client's use of one connection: requests go out without waiting for each other, and tokens tell
/// which response is whose.
///
/// One thread sends and one receives, so that a caller who is interrupted does not end the connection
/// for the others. Requests of the server (eris-go's look for blocks at their clients) are answered
/// with 4.04.
final class Conversation implements Closeable {
  private static final int TOKEN_BYTES = 4;
  private static final int MAX_OUTGOING = 256; // many more than there are requests at a time

  private final String server;
  private final CoapConnection connection;
  private final Map<Token, CompletableFuture<CoapMessage>> waiting = new ConcurrentHashMap<>();
  private final BlockingQueue<CoapMessage> outgoing = new LinkedBlockingQueue<>(MAX_OUTGOING);
  private final AtomicInteger tokens = new AtomicInteger();
  private final Thread sender;
  private volatile boolean ended;
  private volatile boolean retired; // the server wants no further requests

  private Conversation(String server, CoapConnection connection) {
    this.server = server;
    this.connection = connection;
    sender = Thread.ofVirtual().name("coap-send").unstarted(this::sendAll);
  }

  /// Connects, and waits until the server has said what it takes.
  ///
  /// @param server what messages call it
  static Conversation with(InetSocketAddress address, String server, Duration atMost)
      throws IOException {
    Deadline deadline = Deadline.in(atMost);
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(address, (int) Math.max(1, atMost.toMillis()));
    } catch (SocketTimeoutException e) {
      channel.close();
      throw new IOException("no connection to " + server, e);
    } catch (ConnectException e) {
      channel.close();
      throw new IOException("cannot connect to " + server, e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    var conversation = new Conversation(server, new CoapConnection(channel));
    conversation.start(deadline);
    return conversation;
  }

  private void start(Deadline deadline) throws IOException {
    try {
      connection.greet();
      sender.start();
      Thread.ofVirtual().name("coap-receive").start(this::receiveAll);
      if (!connection.awaitGreeting(deadline.remaining())) {
        throw new IOException(server + " does not speak coap over tcp");
      }
      if (ended) {
        throw new CoapClient.BrokenExchange("the connection to %s broke".formatted(server));
      }
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + server);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /// Whether it takes another request.
  boolean isOpen() {
    return !ended && !retired;
  }

  /// The largest payload that the server takes in one piece, of those that matter.
  int maxPayloadBytes(int wanted, int headersBytes) {
    return connection.peerMaxMessageBytes() >= wanted + headersBytes ? wanted : 16 << Part.KIB_1;
  }

  CoapMessage exchange(CoapMessage request, Deadline deadline) throws IOException {
    var token = new Token(Integer.toUnsignedLong(tokens.getAndIncrement()), TOKEN_BYTES);
    var response = new CompletableFuture<CoapMessage>();
    waiting.put(token, response);
    if (ended) {
      fail(response, null);
    }
    outgoing.add(request.with(token));
    try {
      return response.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      close(); // who does not answer this one will hardly answer the next
      throw new IOException("no answer from " + server, e);
    } catch (ExecutionException e) {
      throw new CoapClient.BrokenExchange("the connection to %s broke".formatted(server), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + server);
    } finally {
      waiting.remove(token);
      endIfRetired();
    }
  }

  private void sendAll() {
    try {
      while (!ended) {
        connection.send(outgoing.take());
      }
    } catch (IOException | InterruptedException e) {
      end(e);
    }
  }

  private void receiveAll() {
    try {
      while (true) {
        Optional<CoapMessage> message = connection.receive();
        if (message.isPresent()) {
          take(message.get());
        } else if (connection.isReleased() && !retired) {
          retired = true;
          endIfRetired();
        } else {
          end(null);
          return;
        }
      }
    } catch (IOException e) {
      end(e);
    }
  }

  private void take(CoapMessage message) throws IOException {
    if (CoapCode.isRequest(message.code())) {
      if (!outgoing.offer(CoapMessage.of(CoapCode.NOT_FOUND).with(message.token()))) {
        throw new IOException("the server asks, and does not take answers");
      }
      return;
    }
    CompletableFuture<CoapMessage> response = waiting.get(message.token());
    if (response != null) {
      response.complete(message);
    }
  }

  private void endIfRetired() {
    if (retired && waiting.isEmpty()) {
      end(null);
    }
  }

  private void end(@Nullable Exception cause) {
    ended = true;
    sender.interrupt();
    try {
      connection.close();
    } catch (IOException _) {
      // it is of no use any more
    }
    waiting.values().forEach(response -> fail(response, cause));
  }

  private static void fail(CompletableFuture<CoapMessage> response, @Nullable Exception cause) {
    response.completeExceptionally(new IOException("the connection ended", cause));
  }

  /// Ends what is under way.
  @Override
  public void close() {
    end(null);
  }
}
