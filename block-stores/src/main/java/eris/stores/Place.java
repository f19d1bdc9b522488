package eris.stores;

import eris.BlockSize;

/// Where a block lies in a volume.
///
/// In an entry it is one number: the place in KiB, above it the size's code, above that the flags.
///
/// @param kib the offset of the slot in KiB
record Place(long kib, BlockSize size) {
  private static final int KIB_BITS = 48;
  private static final int FLAGS_SHIFT = 56;
  private static final long REMOVED = 1L << FLAGS_SHIFT;

  /// What no entry says: there are no blocks in extent 0.
  static final long NOWHERE = 0;

  /// As an entry has it, if it does hold a block.
  static long pack(long kib, BlockSize size) {
    return (long) size.code() << KIB_BITS | kib;
  }

  /// What the journal says of a block that was removed from the place.
  static long removed(long where) {
    return where | REMOVED;
  }

  static boolean isRemoved(long where) {
    return (where & REMOVED) != 0;
  }

  /// Whether `where` is a number that format 1 has.
  static boolean isKnown(long where) {
    int code = (int) (where >>> KIB_BITS) & 0xff;
    return (where & ~REMOVED) >>> FLAGS_SHIFT == 0
        && (code == BlockSize.KIB_1.code() || code == BlockSize.KIB_32.code());
  }

  /// @param where a number that [#isKnown]
  static Place unpack(long where) {
    int code = (int) (where >>> KIB_BITS) & 0xff;
    return new Place(
        where & (1L << KIB_BITS) - 1,
        code == BlockSize.KIB_1.code() ? BlockSize.KIB_1 : BlockSize.KIB_32);
  }

  long packed() {
    return pack(kib, size);
  }

  long offset() {
    return kib * 1024;
  }
}
