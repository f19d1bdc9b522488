package eris.stores;

import eris.Reference;

/// Tells of most references that an index lacks them, without a read: who puts new blocks asks for
/// each of them. A Bloom filter, made while the index is written; of one that was there before, there
/// is none.
///
/// All bits of a reference are in one word, and words are in the order of the index, so making it is
/// a walk through memory. Who grinds references makes some words useless, and no other.
final class IndexFilter {
  /// One in thirty is asked for in vain.
  private static final int BITS_PER_ENTRY = 12;

  /// Of a larger index, more is.
  private static final long MAX_WORDS = (32L << 20) / Long.BYTES;

  private final long[] words;

  private IndexFilter(int words) {
    this.words = new long[words];
  }

  /// One that excludes nothing.
  static IndexFilter none() {
    return new IndexFilter(0);
  }

  /// One that excludes all that is not added to it.
  static IndexFilter of(long entries) {
    long most = Math.min(MAX_WORDS, Runtime.getRuntime().maxMemory() / 16 / Long.BYTES);
    return new IndexFilter((int) Math.clamp(entries * BITS_PER_ENTRY / Long.SIZE, 1, most));
  }

  void add(Reference reference) {
    words[wordOf(reference)] |= bitsOf(reference);
  }

  /// Whether an index with all that was added could hold it.
  boolean mayHold(Reference reference) {
    return words.length == 0 || (~words[wordOf(reference)] & bitsOf(reference)) == 0;
  }

  private int wordOf(Reference reference) {
    return (int) VolumeIndex.bucketOf(reference, words.length);
  }

  private static long bitsOf(Reference reference) {
    long bits = reference.w3(); // shifts take the low six bits
    return 1L << bits | 1L << (bits >>> 6) | 1L << (bits >>> 12) | 1L << (bits >>> 18);
  }
}
