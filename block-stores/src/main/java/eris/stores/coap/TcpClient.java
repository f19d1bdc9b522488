package eris.stores.coap;

import eris.BlockSize;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A client over TCP (RFC 8323). Uses one connection as long as it works.
final class TcpClient implements CoapClient {
  private static final int MAX_IN_FLIGHT = 32;
  private static final int HEADERS_BYTES = 512; // of our requests, with the path of any store
  private static final int TAG_BYTES = 8;

  private final CoapServer server;
  private final CoapStore.Limits limits;
  private final RandomGenerator random;
  private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT, true);
  private @Nullable Conversation conversation; // guarded by this
  private boolean closed; // guarded by this

  /// @param random safe for concurrent use
  TcpClient(CoapServer server, CoapStore.Limits limits, RandomGenerator random) {
    this.server = server;
    this.limits = limits;
    this.random = random;
  }

  @Override
  public CoapMessage send(CoapMessage request) throws IOException {
    try {
      inFlight.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for other requests");
    }
    try {
      Deadline deadline = Deadline.in(limits.request());
      Conversation current = conversation();
      byte[] tag = new byte[TAG_BYTES];
      random.nextBytes(tag);
      return new Parts(
              part -> current.exchange(part, deadline),
              current.maxPayloadBytes(BlockSize.MAX_BYTES, HEADERS_BYTES),
              BlockSize.MAX_BYTES)
          .send(request, CoapOption.of(CoapOption.REQUEST_TAG, tag));
    } finally {
      inFlight.release();
    }
  }

  private synchronized Conversation conversation() throws IOException {
    if (closed) {
      throw new IOException("the client of %s is closed".formatted(server));
    }
    Conversation current = conversation;
    if (current == null || !current.isOpen()) {
      current = Conversation.with(server.address(), server.toString(), limits.connect());
      conversation = current;
    }
    return current;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (conversation != null) {
      conversation.close();
    }
  }
}
