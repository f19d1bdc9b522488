package eris.stores;

import eris.Reference;
import java.util.Arrays;

/// What was put and removed since the index was written, in the order of the journal. Not safe for
/// concurrent use.
///
/// Words in arrays rather than objects: there may be a million of them.
final class RecentEntries {
  /// The most a volume has: sorting counts on 20 bits.
  static final int MAX_COUNT = 1 << 20;

  private static final int INDEX_BITS = 20;
  private static final int WORDS = 6;
  private static final int WHERE = 4;
  private static final int SEQUENCE = 5;
  private static final int LEAST = 64;
  private static final long SALT = new java.security.SecureRandom().nextLong();
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L; // 2^64 over the golden ratio

  private long[] words = new long[LEAST * WORDS]; // 6 for each entry: reference, where, sequence
  private int[] latest = new int[2 * LEAST]; // open addressing: index + 1, or 0
  private int count;

  int count() {
    return count;
  }

  /// Adds an entry, which replaces those of the same reference.
  void add(Reference reference, long where, long sequence) {
    if (count == MAX_COUNT) {
      throw new IllegalStateException("more than a journal holds");
    }
    if ((count + 1) * WORDS > words.length) {
      grow();
    }
    int at = count * WORDS;
    words[at] = reference.w0();
    words[at + 1] = reference.w1();
    words[at + 2] = reference.w2();
    words[at + 3] = reference.w3();
    words[at + WHERE] = where;
    words[at + SEQUENCE] = sequence;
    latest[cellOf(reference)] = count + 1;
    count++;
  }

  /// What the latest entry of a reference says, also of a removed block; [Entry#NONE] if there is
  /// none.
  Entry find(Reference reference) {
    int index = latest[cellOf(reference)] - 1;
    return index < 0 ? Entry.NONE : new Entry(where(index), sequence(index));
  }

  Reference reference(int index) {
    return referenceAt(words, index);
  }

  long where(int index) {
    return words[index * WORDS + WHERE];
  }

  long sequence(int index) {
    return words[index * WORDS + SEQUENCE];
  }

  /// Whether no later entry replaces this one.
  boolean isLatest(int index) {
    return latest[cellOf(reference(index))] == index + 1;
  }

  /// The latest entries that are not less than `from`, in ascending order of references. What is
  /// added later does not show.
  Sorted sorted(Reference from) {
    long[] keys = new long[count];
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (isLatest(i) && reference(i).compareTo(from) >= 0) {
        // The high bits of a reference, which decide nearly always, and the index.
        keys[found++] = (words[i * WORDS] >>> INDEX_BITS << INDEX_BITS | i) ^ Long.MIN_VALUE;
      }
    }
    Arrays.sort(keys, 0, found);
    int[] indices = new int[found];
    for (int i = 0; i < found; i++) {
      indices[i] = (int) keys[i] & MAX_COUNT - 1;
    }
    return new Sorted(words, indices);
  }

  /// Entries in the order of their references. The words of an entry never change, so this is safe
  /// beside [#add].
  static final class Sorted {
    private final long[] words;
    private final int[] indices;

    private Sorted(long[] words, int[] indices) {
      this.words = words;
      this.indices = indices;
      sortEqualHighBits();
    }

    int count() {
      return indices.length;
    }

    Reference reference(int i) {
      return referenceAt(words, indices[i]);
    }

    long where(int i) {
      return words[indices[i] * WORDS + WHERE];
    }

    long sequence(int i) {
      return words[indices[i] * WORDS + SEQUENCE];
    }

    private void sortEqualHighBits() {
      for (int i = 1; i < indices.length; i++) {
        int moving = indices[i];
        Reference reference = referenceAt(words, moving);
        int k = i;
        while (k > 0 && reference(k - 1).compareTo(reference) > 0) {
          indices[k] = indices[k - 1];
          k--;
        }
        indices[k] = moving;
      }
    }
  }

  private static Reference referenceAt(long[] words, int index) {
    int at = index * WORDS;
    return new Reference(words[at], words[at + 1], words[at + 2], words[at + 3]);
  }

  /// The cell that holds the reference, or the free one where it belongs.
  private int cellOf(Reference reference) {
    int mask = latest.length - 1;
    int cell = spread(reference) & mask;
    while (latest[cell] != 0 && !isAt(latest[cell] - 1, reference)) {
      cell = cell + 1 & mask;
    }
    return cell;
  }

  /// Clients choose blocks, and could choose many whose references begin alike: what is added to
  /// them differs in each process.
  private static int spread(Reference reference) {
    long mixed = (reference.w0() ^ SALT) * MULTIPLIER;
    return (int) ((mixed ^ mixed >>> 29) * MULTIPLIER >>> 32);
  }

  private boolean isAt(int index, Reference reference) {
    int at = index * WORDS;
    return words[at] == reference.w0()
        && words[at + 1] == reference.w1()
        && words[at + 2] == reference.w2()
        && words[at + 3] == reference.w3();
  }

  private void grow() {
    words = Arrays.copyOf(words, 2 * words.length);
    latest = new int[2 * latest.length];
    for (int i = 0; i < count; i++) {
      latest[cellOf(reference(i))] = i + 1;
    }
  }
}
