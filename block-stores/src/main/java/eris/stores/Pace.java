package eris.stores;

import java.io.InterruptedIOException;
import java.time.Duration;

/// Holds work back to so many bytes a second. What was not used up is not saved for later.
public final class Pace {
  private static final long NO_LIMIT = Long.MAX_VALUE;

  private final long bytesPerSecond;
  private final Clock clock;
  private long freeAtNanos;

  private Pace(long bytesPerSecond, Clock clock) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("a rate must be positive");
    }
    this.bytesPerSecond = bytesPerSecond;
    this.clock = clock;
    this.freeAtNanos = clock.nanoTime();
  }

  public static Pace unlimited() {
    return new Pace(NO_LIMIT, Clock.SYSTEM);
  }

  public static Pace of(long bytesPerSecond, Clock clock) {
    return new Pace(bytesPerSecond, clock);
  }

  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  /// Waits as long as `bytes` may take.
  public void spend(long bytes) throws InterruptedIOException {
    if (bytesPerSecond == NO_LIMIT) {
      return;
    }
    long now = clock.nanoTime();
    freeAtNanos = Math.max(freeAtNanos, now) + (long) (bytes * 1e9 / bytesPerSecond);
    try {
      clock.pause(Duration.ofNanos(freeAtNanos - now));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while pausing");
    }
  }
}
