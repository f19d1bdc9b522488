package eris.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// What a peer sends, for a thread that waits for it. The event loop adds, the thread reads; where it
/// lags behind, the connection is read no further.
final class Incoming extends InputStream implements Body {
  private static final int FULL_BYTES = 1 << 20;

  private final Runnable resume;
  private final Patience patience; // guarded by this
  private final Queue<ByteBuf> parts = new ArrayDeque<>(); // guarded by this, as all below
  private int waitingBytes;
  private boolean paused;
  private boolean ended; // nothing more comes
  private boolean closed; // nothing more is read
  private @Nullable IOException failure;

  /// @param resume called when more may come, after this was full
  /// @param silence how long to wait
  Incoming(Runnable resume, Duration silence) {
    this.resume = resume;
    this.patience = new Patience(silence);
  }

  @Override
  public synchronized boolean take(HttpContent part) {
    if (!closed && part.content().isReadable()) {
      parts.add(part.content().retain());
      waitingBytes += part.content().readableBytes();
      paused |= waitingBytes >= FULL_BYTES; // until a reader says that more may come
    }
    ended |= part instanceof LastHttpContent;
    notifyAll();
    return ended;
  }

  @Override
  public synchronized boolean isFull() {
    return paused;
  }

  @Override
  public void abort() {
    fail(new PeerFailure("the peer ended early"));
  }

  /// Nothing more is to be read, but for `reason`.
  synchronized void fail(IOException reason) {
    if (failure == null) {
      failure = reason;
    }
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    int read;
    boolean more;
    synchronized (this) {
      if (!await()) {
        return -1;
      }
      read = take(target, from, count);
      patience.moved(read);
      more = paused && waitingBytes < FULL_BYTES / 2;
      paused &= !more;
    }
    if (more) {
      resume.run();
    }
    return read;
  }

  private int take(byte[] target, int from, int count) {
    int taken = 0;
    while (taken < count && !parts.isEmpty()) {
      ByteBuf first = Objects.requireNonNull(parts.peek());
      int bytes = Math.min(count - taken, first.readableBytes());
      first.readBytes(target, from + taken, bytes);
      taken += bytes;
      if (!first.isReadable()) {
        parts.remove().release();
      }
    }
    waitingBytes -= taken;
    return taken;
  }

  /// @return whether there is something, or else the end
  private boolean await() throws IOException {
    while (failure == null && parts.isEmpty() && !ended) {
      patience.await(this, "the peer is silent, or too slow");
    }
    if (failure != null) {
      throw failure;
    }
    return !parts.isEmpty();
  }

  @Override
  public synchronized int available() {
    return waitingBytes;
  }

  /// What came and what comes is dropped.
  @Override
  public void close() {
    boolean more;
    synchronized (this) {
      closed = true;
      parts.forEach(ByteBuf::release);
      parts.clear();
      waitingBytes = 0;
      more = paused;
      paused = false;
    }
    if (more) {
      resume.run();
    }
  }
}
