package eris.stores;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// What is common to all parts of a volume (`docs/formats/volume.md`).
final class VolumeLayout {
  static final int UNIT_BYTES = 4096;
  static final int UNIT_KIB = UNIT_BYTES / 1024;
  static final int VERSION = 1;
  static final int MIN_EXTENT_UNITS = 16;
  static final int MAX_EXTENT_UNITS = 1 << 14;
  static final int MAX_EXTENTS = 1 << 24;

  /// A superblock, a journal and pages.
  static final int MIN_EXTENTS = 3;

  /// How a journal or index entry lies in memory: the reference first.
  static final int ENTRY_BYTES = 48;

  static final int ENTRY_WHERE = 32;
  static final int ENTRY_SEQUENCE = 40;

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private VolumeLayout() {}

  /// CRC-32C of `bytes` without the checksum itself, four bytes at `checksumOffset`.
  static int checksum(MemorySegment bytes, int checksumOffset) {
    var crc = new CRC32C();
    if (checksumOffset > 0) {
      crc.update(bytes.asSlice(0, checksumOffset).asByteBuffer());
    }
    crc.update(bytes.asSlice(checksumOffset + Integer.BYTES).asByteBuffer());
    return (int) crc.getValue();
  }

  static void seal(MemorySegment bytes, int checksumOffset) {
    bytes.set(INT, checksumOffset, checksum(bytes, checksumOffset));
  }

  static boolean isSealed(MemorySegment bytes, int checksumOffset) {
    return bytes.get(INT, checksumOffset) == checksum(bytes, checksumOffset);
  }
}
