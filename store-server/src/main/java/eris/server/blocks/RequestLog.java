package eris.server.blocks;

import eris.server.config.RequestEntry;
import eris.server.config.ServerLog;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Writes a line for each request, where that is wanted. Whoever answers requests never waits for it:
/// if lines come faster than they can be written, some are left out, and counted. Safe for concurrent
/// use.
public final class RequestLog implements AutoCloseable {
  private static final int MOST_WAITING = 8192;
  private static final Duration LAST_LINES = Duration.ofSeconds(1);

  private final ServerLog log;
  private final BlockingQueue<RequestEntry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final LongAdder dropped = new LongAdder();
  private volatile boolean on;
  private volatile boolean closed;
  private @Nullable Thread writer;

  public RequestLog(ServerLog log) {
    this.log = log;
  }

  /// Whether lines are wanted: if not, none need be made.
  public boolean isOn() {
    return on;
  }

  /// Writes from now on, or no longer.
  public synchronized void turn(boolean wanted) {
    on = wanted;
    if (wanted && writer == null && !closed) {
      writer = Thread.ofPlatform().daemon().name("eris-request-log").start(this::writeAll);
    }
  }

  /// Takes a line, without waiting.
  public void add(RequestEntry entry) {
    if (!waiting.offer(entry)) {
      dropped.increment();
    }
  }

  /// Lines left out.
  public long dropped() {
    return dropped.sum();
  }

  private void writeAll() {
    try {
      while (!closed || !waiting.isEmpty()) {
        RequestEntry entry = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (entry != null) {
          log.request(entry);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // time is up
    }
  }

  /// Writes what waits, for a second at most.
  @Override
  public void close() {
    Thread last;
    synchronized (this) {
      on = false;
      closed = true;
      last = writer;
    }
    if (last != null) {
      try {
        if (!last.join(LAST_LINES)) {
          last.interrupt();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
