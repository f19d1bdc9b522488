package eris.stores.sync;

import eris.Reference;
import java.util.Arrays;

/// Some ranges of references. Each is all references that begin with the same `depth` bits, its
/// prefix; prefixes ascend.
final class Ranges {
  static final int MAX_DEPTH = 24;

  /// One range: everything.
  static final Ranges ALL = new Ranges(0, new int[1]);

  private static final int WORD_BITS = 64;

  private final int depth;
  private final int[] prefixes;

  /// @param prefixes kept, not copied; in the low `depth` bits
  /// @throws IllegalArgumentException if the prefixes do not ascend or are none of that depth
  Ranges(int depth, int[] prefixes) {
    if (depth < 0 || depth > MAX_DEPTH) {
      throw new IllegalArgumentException("prefixes of %d bits".formatted(depth));
    }
    int least = 0;
    for (int prefix : prefixes) {
      if (prefix < least || prefix >>> depth != 0) {
        throw new IllegalArgumentException("prefixes out of order");
      }
      least = prefix + 1;
    }
    this.depth = depth;
    this.prefixes = prefixes;
  }

  int depth() {
    return depth;
  }

  int count() {
    return prefixes.length;
  }

  int prefix(int index) {
    return prefixes[index];
  }

  /// The prefix of a child: of one of the ranges that a range falls into by the next `bits`.
  int childPrefix(int index, int bits, int child) {
    return prefixes[index] << bits | child;
  }

  /// Those from index `from` to, exclusively, `to`.
  Ranges part(int from, int to) {
    return new Ranges(depth, Arrays.copyOfRange(prefixes, from, to));
  }

  /// The least reference in a range.
  Reference first(int index) {
    return new Reference(depth == 0 ? 0 : (long) prefixes[index] << (WORD_BITS - depth), 0, 0, 0);
  }

  /// Which range a reference is in; negative if in none.
  int indexOf(Reference reference) {
    return Arrays.binarySearch(prefixes, prefixOf(reference, depth));
  }

  /// The index of the first range that ends at or after `reference`; [#count] if there is none.
  int indexFrom(Reference reference) {
    int index = indexOf(reference);
    return index < 0 ? -1 - index : index;
  }

  /// The first bits of a reference.
  static int prefixOf(Reference reference, int bits) {
    return bits == 0 ? 0 : (int) (reference.w0() >>> (WORD_BITS - bits));
  }
}
