package eris.stores;

import eris.Reference;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// Which blocks of a cache were asked for since the last eviction: a table of bits, of one size
/// whatever there is. Two blocks may share a bit. Safe for concurrent use; a note may get lost.
final class AskedFor {
  private static final int BITS = 1 << 24;

  /// Before the first note, there is no table.
  private volatile @Nullable AtomicLongArray words;

  /// The notes taken so far.
  static final class Notes {
    static final Notes NONE = new Notes(null);

    private final @Nullable AtomicLongArray words;

    private Notes(@Nullable AtomicLongArray words) {
      this.words = words;
    }

    boolean has(Reference reference) {
      int bit = bit(reference);
      return words != null && (words.get(bit / Long.SIZE) >>> bit & 1) != 0;
    }
  }

  void note(Reference reference) {
    AtomicLongArray table = words;
    if (table == null) {
      table = new AtomicLongArray(BITS / Long.SIZE);
      words = table;
    }
    int bit = bit(reference);
    long word = table.get(bit / Long.SIZE);
    long noted = word | 1L << bit;
    if (noted != word) {
      table.weakCompareAndSetPlain(bit / Long.SIZE, word, noted);
    }
  }

  private static int bit(Reference reference) {
    return (int) reference.w1() & BITS - 1;
  }

  /// The notes taken so far, and begins anew. A table more than half full tells nothing, and counts
  /// as empty.
  Notes take() {
    AtomicLongArray table = words;
    words = null;
    return table == null || count(table) > BITS / 2 ? Notes.NONE : new Notes(table);
  }

  private static long count(AtomicLongArray table) {
    long count = 0;
    for (int i = 0; i < table.length(); i++) {
      count += Long.bitCount(table.get(i));
    }
    return count;
  }
}
