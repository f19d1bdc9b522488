package eris.server.http;

import java.time.Duration;

/// Until when a client may keep us waiting.
final class Deadline {
  private long nanoTime;

  /// @param now of [System#nanoTime]
  boolean isOver(long now) {
    return now - nanoTime > 0;
  }

  void set(Duration fromNow) {
    nanoTime = System.nanoTime() + fromNow.toNanos();
  }

  /// Sets it, unless it was later before.
  void extend(Duration fromNow) {
    long later = System.nanoTime() + fromNow.toNanos();
    if (later - nanoTime > 0) {
      nanoTime = later;
    }
  }
}
