package eris.stores;

import static eris.stores.VolumeLayout.UNIT_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The two copies of a volume's superblock.
final class Superblocks {
  private static final int COPIES = 2;
  private static final int FINGERPRINT_BYTES = 40;

  private Superblocks() {}

  /// The one that counts.
  ///
  /// @throws DamagedVolume if there is none
  /// @throws IOException also if one is of a newer version than this program knows
  static Superblock load(Device device) throws IOException {
    Superblock best = null;
    DamagedVolume damage = new DamagedVolume("not a volume: it has no superblock");
    for (int i = 0; i < COPIES; i++) {
      Optional<MemorySegment> copy = read(device, i);
      if (copy.isPresent()) {
        try {
          Superblock superblock = parse(copy.get());
          best = best == null || superblock.generation() > best.generation() ? superblock : best;
        } catch (DamagedVolume e) {
          damage = e;
        }
      }
    }
    if (best == null) {
      throw damage;
    }
    requireExtents(device, best.geometry(), best.extents());
    return best;
  }

  private static Superblock parse(MemorySegment unit) throws IOException {
    int version = Superblock.version(unit);
    if (Integer.compareUnsigned(version, VolumeLayout.VERSION) > 0) {
      throw new IOException(
          "the volume has format version %s, want %d"
              .formatted(Integer.toUnsignedString(version), VolumeLayout.VERSION));
    }
    return Superblock.parse(unit);
  }

  /// A copy, if it is sound.
  private static Optional<MemorySegment> read(Device device, int copy) throws IOException {
    MemorySegment unit = raw(device, copy);
    return Superblock.isSound(unit) ? Optional.of(unit) : Optional.empty();
  }

  private static MemorySegment raw(Device device, int copy) throws IOException {
    return raw(device, copy, UNIT_BYTES);
  }

  private static MemorySegment raw(Device device, int copy, int sizeBytes) throws IOException {
    MemorySegment unit = MemorySegment.ofArray(new byte[sizeBytes]);
    if (!device.tryRead((long) copy * UNIT_BYTES, unit)) {
      unit.fill((byte) 0);
    }
    return unit;
  }

  /// What tells one generation from the next: the fields up to that, and the checksum.
  static MemorySegment fingerprint(Device device) throws IOException {
    return raw(device, 0, FINGERPRINT_BYTES);
  }

  /// Writes the first copy, then the second, and returns when both are durable.
  static void write(Device device, Superblock superblock) throws IOException {
    MemorySegment unit = MemorySegment.ofArray(new byte[UNIT_BYTES]);
    superblock.writeTo(unit);
    for (int i = 0; i < COPIES; i++) {
      device.write((long) i * UNIT_BYTES, unit);
      device.flush();
    }
  }

  /// Writes the copy that is damaged or older than `best`, if there is one.
  static void repair(Device device, Superblock best) throws IOException {
    MemorySegment unit = MemorySegment.ofArray(new byte[UNIT_BYTES]);
    best.writeTo(unit);
    for (int i = 0; i < COPIES; i++) {
      MemorySegment copy = raw(device, i);
      if (copy.mismatch(unit) >= 0) {
        if (!Superblock.isSound(copy)) {
          blank(device, i);
        }
        device.write((long) i * UNIT_BYTES, unit);
        device.flush();
      }
    }
  }

  /// Writes what no superblock has in any sector. A damaged copy may be one of a later generation
  /// that lacks a sector; were it written over at once, another power cut could leave it whole, and
  /// what was not there would be.
  private static void blank(Device device, int copy) throws IOException {
    MemorySegment unit = MemorySegment.ofArray(new byte[UNIT_BYTES]);
    device.write((long) copy * UNIT_BYTES, unit.fill((byte) -1));
    device.flush();
  }

  /// The extents of a device; of one that grows, also the last that is cut short.
  static int extentsOf(Device device, Geometry geometry) throws IOException {
    long size = device.size();
    long more = geometry.growable() ? geometry.extentBytes() - 1 : 0;
    return geometry.extentsIn(Math.addExact(size, more));
  }

  static void requireExtents(Device device, Geometry geometry, int extents) throws IOException {
    if (extents > extentsOf(device, geometry)) {
      throw new DamagedVolume(
          "the device has %d bytes, less than the volume's %d extents of %d"
              .formatted(device.size(), extents, geometry.extentBytes()));
    }
  }
}
