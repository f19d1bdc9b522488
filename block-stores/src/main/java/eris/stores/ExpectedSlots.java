package eris.stores;

import eris.BlockSize;
import eris.Reference;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// What the slots of some neighbouring extents should hash to. For one thread.
final class ExpectedSlots {
  /// Half of a hash: that of a bad copy is the same by chance once in 2^128.
  private static final int WORDS = 2;

  private final Geometry geometry;
  private final int first;
  private final @Nullable BlockSize[] sizes;
  private final long[][] hashes;
  private final BitSet[] open; // expected, and not seen to be so
  private final BitSet[] shared; // by two entries, of which one must be wrong
  private int oddPlaces; // where slots have another size

  /// @param sizes those of the slots in each extent
  ExpectedSlots(Geometry geometry, int first, @Nullable BlockSize[] sizes) {
    this.geometry = geometry;
    this.first = first;
    this.sizes = sizes;
    hashes = new long[sizes.length][];
    open = new BitSet[sizes.length];
    shared = new BitSet[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      BlockSize size = sizes[i];
      hashes[i] = new long[size == null ? 0 : WORDS * geometry.slots(size)];
      open[i] = new BitSet();
      shared[i] = new BitSet();
    }
  }

  int first() {
    return first;
  }

  /// The first extent behind these.
  int end() {
    return first + sizes.length;
  }

  boolean has(Place place) {
    int extent = geometry.extentOf(place);
    return extent >= first && extent < end();
  }

  /// Takes note of an entry whose place these extents have. Where slots have another size it stays
  /// open.
  void expect(Place place, Reference reference) {
    int index = geometry.extentOf(place) - first;
    if (sizes[index] != place.size()) {
      oddPlaces++;
      return;
    }
    int slot = geometry.slotOf(place);
    if (open[index].get(slot)) {
      shared[index].set(slot);
    }
    open[index].set(slot);
    hashes[index][WORDS * slot] = reference.w0();
    hashes[index][WORDS * slot + 1] = reference.w3();
  }

  /// The slots of an extent that are still open.
  BitSet open(int extent) {
    return (BitSet) open[extent - first].clone();
  }

  boolean isOpen(Place place) {
    int index = geometry.extentOf(place) - first;
    return sizes[index] != place.size() || open[index].get(geometry.slotOf(place));
  }

  boolean isSettled() {
    return oddPlaces == 0 && Arrays.stream(open).allMatch(BitSet::isEmpty);
  }

  /// Takes note of what is in a slot.
  ///
  /// @return whether it was expected
  boolean settle(int extent, int slot, Reference hash) {
    int index = extent - first;
    boolean expected =
        hashes[index][WORDS * slot] == hash.w0()
            && hashes[index][WORDS * slot + 1] == hash.w3()
            && !shared[index].get(slot);
    if (expected) {
      open[index].clear(slot);
    }
    return expected;
  }
}
