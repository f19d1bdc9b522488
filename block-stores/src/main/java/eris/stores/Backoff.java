package eris.stores;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// How often a request is sent again, and how long to wait before: twice as long each time, up to
/// half of it left to chance, so that clients who failed together do not return together.
///
/// @param random safe for concurrent use
public record Backoff(Clock clock, RandomGenerator random) {
  public static final int MAX_ATTEMPTS = 5;
  private static final Duration FIRST = Duration.ofMillis(100);

  public boolean mayFollow(int attempt) {
    return attempt < MAX_ATTEMPTS;
  }

  /// Waits after an attempt, counted from 1.
  public void pauseAfter(int attempt) throws InterruptedIOException {
    long longest = FIRST.toNanos() << attempt - 1;
    try {
      clock.pause(Duration.ofNanos(longest / 2 + random.nextLong(longest / 2)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before another attempt");
    }
  }
}
