package eris.server.http;

import java.time.Duration;

/// How long a peer may keep a thread waiting: so long at a time, and in the long run for no less than
/// 1 KiB a second. Not safe for concurrent use.
final class Patience {
  private static final long NANOS_PER_BYTE = 1_000_000_000 / 1024;

  private final long mostNanos;
  private long leftNanos;

  Patience(Duration silence) {
    mostNanos = silence.toNanos();
    leftNanos = mostNanos;
  }

  /// How long the next wait may be; 0 or less if there is no more.
  long leftNanos() {
    return leftNanos;
  }

  void waited(long nanos) {
    leftNanos -= nanos;
  }

  void moved(long bytes) {
    long more = bytes > mostNanos / NANOS_PER_BYTE ? mostNanos : bytes * NANOS_PER_BYTE;
    leftNanos = Math.min(mostNanos, leftNanos + more);
  }
}
