package eris.stores;

import static eris.stores.VolumeLayout.UNIT_BYTES;

import eris.store.Retention;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// An empty volume, before it is written.
record VolumeFormat(UUID id, int seed, Geometry geometry, int extents, VolumeSettings settings) {
  /// Superblock, journal, pages and the next ones, blocks of either size.
  private static final int LEAST_EXTENTS = 6;

  private static final int JOURNAL = 1;
  private static final int PAGES = 2;

  /// One that grows with its file.
  static VolumeFormat growing(Geometry geometry, Clock clock, RandomGenerator random) {
    return of(geometry, VolumeLayout.MIN_EXTENTS, clock, random);
  }

  private static VolumeFormat of(
      Geometry geometry, int extents, Clock clock, RandomGenerator random) {
    return new VolumeFormat(
        VolumeId.next(clock, random), random.nextInt(), geometry, extents, VolumeSettings.DEFAULT);
  }

  /// One of a size that does not change by itself.
  ///
  /// @throws IOException if that is too small
  static VolumeFormat fixed(long sizeBytes, Clock clock, RandomGenerator random)
      throws IOException {
    Geometry geometry = Geometry.fixed(sizeBytes);
    int extents = geometry.extentsIn(sizeBytes);
    if (extents < LEAST_EXTENTS) {
      throw new IOException(
          "%d bytes are too few for a volume, want %d"
              .formatted(sizeBytes, LEAST_EXTENTS * geometry.extentBytes()));
    }
    return of(geometry, extents, clock, random);
  }

  /// The same, but blocks are kept as `retention` says.
  VolumeFormat with(Retention retention) {
    return new VolumeFormat(id, seed, geometry, extents, settings.with(retention));
  }

  long sizeBytes() {
    return extents * geometry.extentBytes();
  }

  /// Makes `device` an empty volume, whatever is there.
  void writeTo(Device device) throws IOException {
    device.write(0, MemorySegment.ofArray(new byte[2 * UNIT_BYTES])); // what was a volume is none
    device.flush();
    if (geometry.growable()) {
      device.reserve(JOURNAL * geometry.extentBytes(), geometry.extentBytes());
    }
    var pages = new PagesWriter(device, geometry, () -> PAGES, 1, 0);
    Superblock.PagesRoot root = pages.finish(new SlotMap(geometry, extents));
    device.flush();
    var journal = new Superblock.JournalRoot(new Superblock.Run(JOURNAL, 1), 1, seed);
    Superblocks.write(device, new Superblock(id, 1, geometry, extents, journal, root, settings));
  }
}
