package eris.stores;

import eris.BlockSize;

/// How a volume is divided. Never changes but for the number of extents, which is not here.
///
/// @param growable whether the volume takes more extents as its file grows
record Geometry(int extentUnits, boolean growable) {
  /// Volumes that may become large, and those of 256 MiB or more, have extents of this size.
  private static final int DEFAULT_EXTENT_UNITS = 1024;

  private static final int WANTED_EXTENTS = 64;

  Geometry {
    if (Integer.bitCount(extentUnits) != 1
        || extentUnits < VolumeLayout.MIN_EXTENT_UNITS
        || extentUnits > VolumeLayout.MAX_EXTENT_UNITS) {
      throw new IllegalArgumentException("an extent of " + extentUnits + " units");
    }
  }

  static Geometry growing() {
    return new Geometry(DEFAULT_EXTENT_UNITS, true);
  }

  /// Small volumes are divided into 64 extents or a few more, if they can be; huge ones into as
  /// many as there may be.
  static Geometry fixed(long sizeBytes) {
    long units = sizeBytes / VolumeLayout.UNIT_BYTES;
    long few = Math.min(units / WANTED_EXTENTS, DEFAULT_EXTENT_UNITS);
    long least = Math.ceilDiv(units, VolumeLayout.MAX_EXTENTS);
    long most = VolumeLayout.MAX_EXTENT_UNITS;
    long wanted = Math.clamp(Math.max(few, least), VolumeLayout.MIN_EXTENT_UNITS, (int) most);
    long floor = Long.highestOneBit(wanted);
    return new Geometry((int) (floor < least ? Math.min(2 * floor, most) : floor), false);
  }

  long extentBytes() {
    return (long) extentUnits * VolumeLayout.UNIT_BYTES;
  }

  long extentKib() {
    return (long) extentUnits * VolumeLayout.UNIT_KIB;
  }

  /// As many whole extents as fit, but no more than there may be.
  int extentsIn(long sizeBytes) {
    return (int) Math.min(sizeBytes / extentBytes(), VolumeLayout.MAX_EXTENTS);
  }

  /// Slots of a size in an extent of slots.
  int slots(BlockSize size) {
    return (int) (extentKib() - headerKib(size)) / (size.bytes() / 1024);
  }

  /// Slots begin behind the header, at a multiple of their size.
  private static int headerKib(BlockSize size) {
    return Math.max(VolumeLayout.UNIT_KIB, size.bytes() / 1024);
  }

  Place place(int extent, int slot, BlockSize size) {
    return new Place(
        extent * extentKib() + headerKib(size) + (long) slot * (size.bytes() / 1024), size);
  }

  int extentOf(Place place) {
    return (int) Math.min(place.kib() / extentKib(), Integer.MAX_VALUE);
  }

  /// The number of the slot in its extent, or -1 where no slot of the size can be.
  int slotOf(Place place) {
    long inExtent = place.kib() % extentKib() - headerKib(place.size());
    int slotKib = place.size().bytes() / 1024;
    return inExtent < 0 || inExtent % slotKib != 0 ? -1 : (int) (inExtent / slotKib);
  }

  /// Whether a slot can be there in a volume of `extents`.
  boolean holds(Place place, int extents) {
    return place.kib() >= extentKib() && place.kib() < extents * extentKib() && slotOf(place) >= 0;
  }
}
