package eris.stores;

import static eris.stores.VolumeLayout.UNIT_BYTES;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Makes index, map and journal of a volume anew from what is in its slots.
///
/// As long as it works, the old ones stay as they are; if it is cut short, it begins again. Where
/// superblock, map and journal are sound it takes the slots that are used; else every slot in every
/// extent of slots, for any bytes are some block.
final class VolumeRebuild {
  private final Device device;
  private final RandomGenerator random;
  private final Remains remains;
  private final Geometry geometry;

  /// What the new index is made of: the slots that it names, and only those, are used.
  private final SlotMap map;

  private final VolumeSpace space;
  private Generation generation;
  private long found;

  /// What is left of a volume.
  ///
  /// @param used the old map; null if it is lost
  /// @param recent of the old journal, for blocks that were removed
  /// @param superblock the newest; null if both are lost
  private record Remains(
      UUID id,
      Geometry geometry,
      int extents,
      @Nullable SlotMap used,
      RecentEntries recent,
      @Nullable Superblock superblock) {}

  private VolumeRebuild(Device device, RandomGenerator random, Remains remains) throws IOException {
    this.device = device;
    this.random = random;
    this.remains = remains;
    this.geometry = remains.geometry();
    this.map = new SlotMap(geometry, remains.extents());
    this.space = new VolumeSpace(device, geometry, map);
    findSlots();
    this.generation = nothing();
    map.take(generation.superblock().journal().area());
  }

  /// Rebuilds the volume on a device that nobody else uses.
  ///
  /// @return how many blocks were found
  /// @throws DamagedVolume if there is nothing of a volume
  static long run(Device device, RandomGenerator random) throws IOException {
    var rebuild = new VolumeRebuild(device, random, remains(device));
    rebuild.scan();
    rebuild.finish();
    return rebuild.found;
  }

  // What is left

  private static Remains remains(Device device) throws IOException {
    Superblock superblock = null;
    try {
      superblock = Superblocks.load(device);
      JournalReplay replay = JournalReplay.of(device, superblock);
      SlotMap used = VolumeSpace.readMap(device, superblock, replay);
      return new Remains(
          superblock.id(),
          superblock.geometry(),
          replay.extents(),
          used,
          replay.entries(),
          superblock);
    } catch (DamagedVolume e) {
      return superblock == null ? remainsWithoutSuperblock(device, e) : remains(device, superblock);
    }
  }

  private static Remains remains(Device device, Superblock superblock) throws IOException {
    int extents = Superblocks.extentsOf(device, superblock.geometry());
    return new Remains(
        superblock.id(),
        superblock.geometry(),
        superblock.geometry().growable() ? extents : superblock.extents(),
        null,
        new RecentEntries(),
        superblock);
  }

  private static Remains remainsWithoutSuperblock(Device device, DamagedVolume cause)
      throws IOException {
    SlotHeader best = null;
    long step = (long) VolumeLayout.MIN_EXTENT_UNITS * UNIT_BYTES;
    for (long offset = step; offset < device.size(); offset += step) {
      Optional<SlotHeader> header = header(device, offset);
      if (header.isPresent()
          && (best == null || VolumeId.isLater(header.get().volume(), best.volume()))) {
        best = header.get();
      }
    }
    if (best == null) {
      throw cause;
    }
    Geometry geometry = best.geometry();
    int extents = Superblocks.extentsOf(device, geometry);
    return new Remains(best.volume(), geometry, extents, null, new RecentEntries(), null);
  }

  private static Optional<SlotHeader> header(Device device, long offset) throws IOException {
    MemorySegment unit = MemorySegment.ofArray(new byte[UNIT_BYTES]);
    return device.tryRead(offset, unit) ? SlotHeader.parse(unit, offset) : Optional.empty();
  }

  // Scanning

  private void findSlots() throws IOException {
    for (int i = 1; i < remains.extents(); i++) {
      BlockSize size = sizeOf(i);
      if (size != null) {
        map.assign(i, size);
      }
    }
    Superblock old = remains.superblock();
    if (old != null && remains.used() != null) {
      for (Superblock.Run run : old.pages().runs()) {
        map.take(run);
      }
    }
  }

  private void scan() throws IOException {
    for (int i = 1; i < remains.extents(); i++) {
      BlockSize size = map.sizeOf(i);
      if (size != null) {
        take(i, size, hash(i, size));
      }
    }
  }

  private @Nullable BlockSize sizeOf(int extent) throws IOException {
    if (remains.used() != null) {
      return remains.used().sizeOf(extent);
    }
    return header(device, extent * geometry.extentBytes())
        .filter(header -> header.volume().equals(remains.id()))
        .filter(header -> header.geometry().equals(geometry))
        .map(SlotHeader::size)
        .orElse(null);
  }

  /// What the slots of an extent hash to; null where that cannot be had or is not used.
  private @Nullable Reference[] hash(int extent, BlockSize size) throws IOException {
    @Nullable Reference[] references = new @Nullable Reference[geometry.slots(size)];
    try {
      IntStream.range(0, references.length)
          .parallel()
          .filter(slot -> isUsed(extent, slot))
          .forEach(slot -> references[slot] = hash(geometry.place(extent, slot, size)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return references;
  }

  private boolean isUsed(int extent, int slot) {
    return remains.used() == null || remains.used().isUsed(extent, slot);
  }

  private @Nullable Reference hash(Place place) {
    MemorySegment block = MemorySegment.ofArray(new byte[place.size().bytes()]);
    try {
      return device.tryRead(place.offset(), block) ? Reference.of(block) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(int extent, BlockSize size, @Nullable Reference[] references)
      throws IOException {
    for (int slot = 0; slot < references.length; slot++) {
      Reference reference = references[slot];
      if (reference != null && isWanted(reference)) {
        space.reservePages(found + 1);
        map.use(extent, slot);
        long where = geometry.place(extent, slot, size).packed();
        generation.recent().add(reference, where, 0);
        found++;
        if (generation.recent().count() == RecentEntries.MAX_COUNT) {
          merge();
        }
      }
    }
  }

  private boolean isWanted(Reference reference) throws IOException {
    long before = remains.recent().find(reference);
    return (before == Place.NOWHERE || !Place.isRemoved(before))
        && generation.recent().find(reference) == Place.NOWHERE
        && generation.index().find(reference) == Place.NOWHERE;
  }

  // The new index

  /// A generation without blocks, whose superblock is not written.
  private Generation nothing() throws DamagedVolume {
    Superblock old = remains.superblock();
    Superblock.Run area = old == null ? freeExtent() : old.journal().area();
    var journal = new Superblock.JournalRoot(area, 1, random.nextInt());
    var pages = new Superblock.PagesRoot(0, 0, 0, 1, 0, 0, List.of());
    long number = old == null ? 0 : old.generation();
    var superblock =
        new Superblock(remains.id(), number, geometry, remains.extents(), journal, pages);
    return new Generation(device, superblock, new RecentEntries());
  }

  private Superblock.Run freeExtent() throws DamagedVolume {
    return Optional.ofNullable(map.freeRun(1))
        .orElseThrow(() -> new DamagedVolume("there is no room for a journal"));
  }

  private void merge() throws IOException {
    Superblock old = generation.superblock();
    long entries = generation.index().entries() + generation.recent().count();
    space.reservePages(entries);
    int number = (int) (old.generation() + 1);
    var writer = new PagesWriter(device, geometry, space::takeForPages, number, entries);
    Superblock.PagesRoot pages =
        Checkpoint.write(generation.index(), generation.recent(), writer, map);
    var superblock =
        new Superblock(
            old.id(), old.generation() + 1, geometry, map.extents(), old.journal(), pages);
    generation = new Generation(device, superblock, new RecentEntries());
    space.turnTo(superblock, old);
  }

  private void finish() throws IOException {
    merge();
    device.flush();
    Superblocks.write(device, generation.superblock());
  }
}
