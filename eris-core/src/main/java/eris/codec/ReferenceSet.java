package eris.codec;

import eris.Reference;
import java.util.concurrent.ThreadLocalRandom;

/// A set of references for millions of entries, without an object for each: open addressing over
/// four words per slot. The null reference, which no tree contains, marks a free slot.
final class ReferenceSet {
  private static final int WORDS = 4;

  /// Whoever makes a tree chooses the references it lists; they must not know how those collide.
  private final long[] seeds = ThreadLocalRandom.current().longs(2 * WORDS).toArray();

  private long[] words = new long[64 * WORDS]; // slots: a power of two, at most half of them taken
  private long count;

  /// @return whether `reference` was absent
  boolean add(Reference reference) {
    if (2 * (count + 1) * WORDS > words.length) {
      grow();
    }
    int slot = slotOf(reference);
    if (isAt(reference, slot)) {
      return false;
    }
    store(reference, slot);
    count++;
    return true;
  }

  /// The slot that holds `reference`, or the free one where it belongs.
  private int slotOf(Reference reference) {
    int slots = words.length / WORDS;
    int slot = hash(reference) & slots - 1;
    while (!isFree(slot) && !isAt(reference, slot)) {
      slot = slot + 1 & slots - 1;
    }
    return slot;
  }

  /// Multiply-shift over halves of words: whichever two references are chosen, their hashes agree in
  /// any n bits with a probability of 2^-n. Products of whole words would not do: references that
  /// differ in their highest bits only would collide under any seed.
  private int hash(Reference reference) {
    long sum =
        product(reference.w0(), 0)
            + product(reference.w1(), 2)
            + product(reference.w2(), 4)
            + product(reference.w3(), 6);
    return (int) (sum >>> 32);
  }

  private long product(long word, int seed) {
    return (word >>> 32) * seeds[seed] + (word & 0xffff_ffffL) * seeds[seed + 1];
  }

  private boolean isFree(int slot) {
    int at = slot * WORDS;
    return (words[at] | words[at + 1] | words[at + 2] | words[at + 3]) == 0;
  }

  private boolean isAt(Reference reference, int slot) {
    int at = slot * WORDS;
    return words[at] == reference.w0()
        && words[at + 1] == reference.w1()
        && words[at + 2] == reference.w2()
        && words[at + 3] == reference.w3();
  }

  private void store(Reference reference, int slot) {
    int at = slot * WORDS;
    words[at] = reference.w0();
    words[at + 1] = reference.w1();
    words[at + 2] = reference.w2();
    words[at + 3] = reference.w3();
  }

  private void grow() {
    long[] old = words;
    words = new long[Math.multiplyExact(old.length, 2)];
    for (int at = 0; at < old.length; at += WORDS) {
      var reference = new Reference(old[at], old[at + 1], old[at + 2], old[at + 3]);
      if (!reference.isNull()) {
        store(reference, slotOf(reference));
      }
    }
  }
}
