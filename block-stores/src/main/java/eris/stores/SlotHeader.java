package eris.stores;

import static eris.stores.VolumeLayout.INT;
import static eris.stores.VolumeLayout.LONG;

import eris.BlockSize;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.UUID;

/// What an extent of slots begins with, for those who have nothing else to go by.
record SlotHeader(UUID volume, int extent, Geometry geometry, BlockSize size) {
  private static final long MAGIC = Superblock.text("ERISslot");
  private static final int CHECKSUM = 12;

  void writeTo(MemorySegment unit) {
    unit.fill((byte) 0);
    unit.set(LONG, 0, MAGIC);
    unit.set(INT, 8, VolumeLayout.VERSION);
    VolumeId.write(volume, unit, 16);
    unit.set(INT, 32, extent);
    unit.set(INT, 36, geometry.extentUnits());
    unit.set(INT, 40, geometry.growable() ? 1 : 0);
    unit.set(INT, 44, size.code());
    VolumeLayout.seal(unit, CHECKSUM);
  }

  /// Reads what was found at `offset`; empty if it is no header of an extent there.
  static Optional<SlotHeader> parse(MemorySegment unit, long offset) {
    int extentUnits = unit.get(INT, 36);
    int code = unit.get(INT, 44);
    boolean valid =
        unit.get(LONG, 0) == MAGIC
            && VolumeLayout.isSealed(unit, CHECKSUM)
            && unit.get(INT, 8) == VolumeLayout.VERSION
            && Integer.bitCount(extentUnits) == 1
            && extentUnits >= VolumeLayout.MIN_EXTENT_UNITS
            && extentUnits <= VolumeLayout.MAX_EXTENT_UNITS
            && (code == BlockSize.KIB_1.code() || code == BlockSize.KIB_32.code());
    if (!valid) {
      return Optional.empty();
    }
    var geometry = new Geometry(extentUnits, unit.get(INT, 40) == 1);
    BlockSize size = code == BlockSize.KIB_1.code() ? BlockSize.KIB_1 : BlockSize.KIB_32;
    var header = new SlotHeader(VolumeId.read(unit, 16), unit.get(INT, 32), geometry, size);
    return header.extent * geometry.extentBytes() == offset
        ? Optional.of(header)
        : Optional.empty();
  }
}
