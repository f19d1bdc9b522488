package eris.stores;

import eris.BlockSize;

/// Where a block lies in a volume.
///
/// In an entry it is one number: the place in KiB, above it the size's code, above that the flags,
/// of which at most one is set.
///
/// @param kib the offset of the slot in KiB
record Place(long kib, BlockSize size) {
  private static final int KIB_BITS = 48;
  private static final int FLAGS_SHIFT = 56;
  private static final long FLAGS = 0xffL << FLAGS_SHIFT;
  private static final long REMOVED = 1L << FLAGS_SHIFT;
  private static final long TRASH = 2L << FLAGS_SHIFT;
  private static final long SET_ASIDE = 4L << FLAGS_SHIFT;

  /// What no entry says: there are no blocks in extent 0.
  static final long NOWHERE = 0;

  /// As an entry has it, if it does hold a block.
  static long pack(long kib, BlockSize size) {
    return (long) size.code() << KIB_BITS | kib;
  }

  /// The same place, its block held.
  static long held(long where) {
    return where & ~FLAGS;
  }

  /// What the journal says of a block that was removed from the place.
  static long removed(long where) {
    return held(where) | REMOVED;
  }

  /// The same place, its block in the trash.
  static long inTrash(long where) {
    return held(where) | TRASH;
  }

  /// The same place, whose copy is bad.
  static long setAside(long where) {
    return held(where) | SET_ASIDE;
  }

  static boolean isHeld(long where) {
    return (where & FLAGS) == 0;
  }

  static boolean isRemoved(long where) {
    return (where & REMOVED) != 0;
  }

  static boolean isInTrash(long where) {
    return (where & TRASH) != 0;
  }

  static boolean isSetAside(long where) {
    return (where & SET_ASIDE) != 0;
  }

  /// Whether both name the same slot, whatever they say of it.
  static boolean isSameSlot(long where, long other) {
    return held(where) == held(other);
  }

  /// Whether `where` is a number that format 1 has.
  static boolean isKnown(long where) {
    int code = (int) (where >>> KIB_BITS) & 0xff;
    long flags = where & FLAGS;
    return (flags == 0 || flags == REMOVED || flags == TRASH || flags == SET_ASIDE)
        && (code == BlockSize.KIB_1.code() || code == BlockSize.KIB_32.code());
  }

  /// @param where a number that [#isKnown]
  static Place unpack(long where) {
    return new Place(where & (1L << KIB_BITS) - 1, size(where));
  }

  /// @param where a number that [#isKnown]
  static BlockSize size(long where) {
    int code = (int) (where >>> KIB_BITS) & 0xff;
    return code == BlockSize.KIB_1.code() ? BlockSize.KIB_1 : BlockSize.KIB_32;
  }

  long packed() {
    return pack(kib, size);
  }

  long offset() {
    return kib * 1024;
  }
}
