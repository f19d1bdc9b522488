package eris.stores.sync;

/// How the side that begins finds the ranges in which two stores differ: how many bits it goes on by
/// in each round trip, and about how many of its own blocks are in a range that is not divided any
/// further.
public record Narrowing(int stepBits, int rangeBlocks) {
  /// The least bytes times round trips for 1 and 1,000 differences of a million blocks, of what
  /// `bench/results` compares.
  public static final Narrowing DEFAULT = new Narrowing(4, 4);

  public Narrowing {
    if (stepBits < 1 || stepBits > Question.Compare.MOST_BITS || rangeBlocks < 1) {
      throw new IllegalArgumentException("steps of %d bits".formatted(stepBits));
    }
  }

  /// By how many bits to divide ranges of a depth; 0 if they are small enough.
  ///
  /// @param count of the blocks in all ranges
  int bits(int depth, long count) {
    long ranges = Math.ceilDiv(count, rangeBlocks);
    int leaf = ranges <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(ranges - 1);
    if (depth >= Summary.DEPTH) { // each of these takes a walk: one step
      return Math.max(0, Math.min(leaf, Ranges.MAX_DEPTH) - depth);
    }
    return Math.max(0, Math.min(stepBits, Math.min(leaf, Summary.DEPTH) - depth));
  }
}
