package eris.server.console;

import java.util.concurrent.atomic.AtomicLongArray;

/// How long requests took: counts in buckets, 8 for each doubling, so that a quantile is right to
/// 12 %. Safe for concurrent use.
final class Latencies {
  private static final int SUB_BITS = 3;
  private static final int BUCKETS = bucket(Long.MAX_VALUE) + 1;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  void record(long nanos) {
    counts.getAndIncrement(bucket(Math.max(0, nanos)));
  }

  /// What was counted so far.
  long[] counts() {
    long[] copy = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      copy[i] = counts.get(i);
    }
    return copy;
  }

  /// The least duration, as far as the buckets tell, that `share` of what was counted between two
  /// calls of [#counts] did not exceed; in nanoseconds, or -1 if nothing was counted.
  static long quantile(double share, long[] before, long[] after) {
    long total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      total += after[i] - before[i];
    }
    long rank = Math.max(1, (long) Math.ceil(share * total));
    long passed = 0;
    for (int i = 0; i < BUCKETS; i++) {
      passed += after[i] - before[i];
      if (passed >= rank) {
        return greatestIn(i);
      }
    }
    return -1;
  }

  /// Values below 16 have buckets of their own; above, the highest bit and the three after it count.
  private static int bucket(long value) {
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - 1 - SUB_BITS);
    return (shift << SUB_BITS) + (int) (value >>> shift);
  }

  private static long greatestIn(int bucket) {
    int shift = Math.max(0, (bucket >> SUB_BITS) - 1);
    long first = (long) (bucket - (shift << SUB_BITS)) << shift;
    return first + (1L << shift) - 1;
  }
}
