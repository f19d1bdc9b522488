package eris.stores.coap;

import eris.stores.Clock;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;

/// The message IDs of one source port, none of which comes twice within 247 seconds (RFC 7252,
/// EXCHANGE_LIFETIME): a server may take it for the same message. There are 65,536, so that one port
/// has 265 a second in the long run.
///
/// Kept for 64 segments of them, by the last use of each. Belongs to one thread at a time.
final class MessageIds {
  static final int COUNT = 1 << 16;
  static final Duration LIFETIME = Duration.ofSeconds(247);

  private static final int SEGMENT = 1 << 10;
  private static final long NEVER = Long.MIN_VALUE;

  private final Clock clock;
  private final long[] lastUse = new long[COUNT / SEGMENT];
  private int next;

  MessageIds(Clock clock, int first) {
    this.clock = clock;
    next = first % COUNT / SEGMENT * SEGMENT;
    Arrays.fill(lastUse, NEVER);
  }

  /// Waits until there is one.
  int next() throws InterruptedIOException {
    Duration wait = untilNext();
    if (wait.isPositive()) {
      pause(wait);
    }
    int id = next;
    lastUse[id / SEGMENT] = clock.nanoTime();
    next = (id + 1) % COUNT;
    return id;
  }

  /// How long [#next] would wait.
  Duration untilNext() {
    long used = lastUse[next / SEGMENT];
    return next % SEGMENT != 0 || used == NEVER
        ? Duration.ZERO
        : LIFETIME.minusNanos(clock.nanoTime() - used);
  }

  private void pause(Duration wait) throws InterruptedIOException {
    try {
      clock.pause(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a message id");
    }
  }
}
