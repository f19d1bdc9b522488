package eris.server.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

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

  /// Waits until `monitor`, which the caller holds, is notified, or for no reason.
  ///
  /// @throws PeerFailure with `line` if there is no patience left
  void await(Object monitor, String line) throws IOException {
    if (leftNanos <= 0) {
      throw new PeerFailure(line);
    }
    long begin = System.nanoTime();
    try {
      TimeUnit.NANOSECONDS.timedWait(monitor, leftNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the peer");
    }
    leftNanos -= System.nanoTime() - begin;
  }

  void moved(long bytes) {
    long more = bytes > mostNanos / NANOS_PER_BYTE ? mostNanos : bytes * NANOS_PER_BYTE;
    leftNanos = Math.min(mostNanos, leftNanos + more);
  }
}
