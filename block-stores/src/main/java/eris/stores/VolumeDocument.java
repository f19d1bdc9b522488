package eris.stores;

import static eris.stores.VolumeLayout.UNIT_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// The document that a volume keeps beside its blocks, twice: its area has two halves that begin
/// with the same. The superblock says how long it is and what its checksum is; while it is being
/// replaced, one half has the old one and one the new one.
final class VolumeDocument {
  /// The most that a document has.
  static final int MAX_BYTES = 1 << 24;

  static final int COPIES = 2;

  private VolumeDocument() {}

  static int checksum(byte[] content) {
    var crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }

  /// The extents that a document of so many bytes needs.
  static int extentsFor(long sizeBytes, Geometry geometry) {
    return (int) Math.ceilDiv(COPIES * paddedBytes(Math.max(1, sizeBytes)), geometry.extentBytes());
  }

  /// Whether the area has room for it.
  static boolean fits(VolumeSettings.Document document, Geometry geometry) {
    int size = document.sizeBytes();
    return size >= 0 && size <= MAX_BYTES && fits(size, document.area(), geometry);
  }

  static boolean fits(int sizeBytes, Superblock.Run area, Geometry geometry) {
    return extentsFor(sizeBytes, geometry) <= area.count();
  }

  private static long paddedBytes(long sizeBytes) {
    return Math.ceilDiv(sizeBytes, UNIT_BYTES) * UNIT_BYTES;
  }

  /// @throws DamagedVolume if neither copy is sound
  static byte[] read(Device device, Superblock superblock) throws IOException {
    VolumeSettings.Document document = superblock.settings().document();
    if (document.sizeBytes() == 0) {
      return new byte[0];
    }
    for (int copy = 0; copy < COPIES; copy++) {
      byte[] content = new byte[document.sizeBytes()];
      if (isSound(device, superblock, copy, content)) {
        return content;
      }
    }
    throw new DamagedVolume("both copies of the document are damaged");
  }

  /// Whether a copy is sound, which is then in `content`.
  private static boolean isSound(Device device, Superblock superblock, int copy, byte[] content)
      throws IOException {
    VolumeSettings.Document document = superblock.settings().document();
    return device.tryRead(
            offset(document.area(), superblock.geometry(), copy), MemorySegment.ofArray(content))
        && checksum(content) == document.checksum();
  }

  /// Which copy to write first, so that one is sound at every moment: the one that is not, or the
  /// second.
  static int expendableCopy(Device device, Superblock superblock) throws IOException {
    byte[] content = new byte[superblock.settings().document().sizeBytes()];
    return isSound(device, superblock, 0, content) ? 1 : 0;
  }

  /// Makes both copies sound if one of them is.
  static void repair(Device device, Superblock superblock) throws IOException {
    VolumeSettings.Document document = superblock.settings().document();
    byte[][] found = new byte[COPIES][document.sizeBytes()];
    boolean first = isSound(device, superblock, 0, found[0]);
    boolean second = isSound(device, superblock, 1, found[1]);
    if (document.sizeBytes() > 0 && first != second) {
      write(device, document.area(), superblock.geometry(), first ? 1 : 0, found[first ? 0 : 1]);
      device.flush();
    }
  }

  static void write(Device device, Superblock.Run area, Geometry geometry, int copy, byte[] content)
      throws IOException {
    byte[] padded = Arrays.copyOf(content, (int) paddedBytes(content.length));
    if (padded.length > 0) {
      device.write(offset(area, geometry, copy), MemorySegment.ofArray(padded));
    }
  }

  private static long offset(Superblock.Run area, Geometry geometry, int copy) {
    long half = area.count() * geometry.extentBytes() / COPIES;
    return area.first() * geometry.extentBytes() + copy * half;
  }
}
