package eris.server.console;

import java.util.concurrent.atomic.LongAdder;

/// Counts what is asked of the daemon. Safe for concurrent use, and cheap: no lock, no memory.
public final class Traffic {
  private final LongAdder gets = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final Latencies latencies = new Latencies();

  /// A block was asked for, and that was answered in some way.
  public void get(long nanos) {
    gets.increment();
    latencies.record(nanos);
  }

  /// A block was sent, and that was answered in some way.
  public void put(long nanos) {
    puts.increment();
    latencies.record(nanos);
  }

  Counts counts() {
    return new Counts(gets.sum(), puts.sum(), latencies.counts());
  }

  /// All since the start.
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Counts(long gets, long puts, long[] latencies) {}
}
