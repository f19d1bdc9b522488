package eris.stores;

import static eris.stores.VolumeLayout.UNIT_BYTES;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
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

  /// All that is found counts as put at last: nothing is collected before it had its time.
  private final long firstSequence;

  private Generation generation;

  /// What is left of a volume.
  ///
  /// @param used the old map; null if it is lost
  /// @param recent of the old journal, for blocks that were removed
  /// @param nextSequence no less than that of the old journal's next record, as far as is known
  /// @param superblock the newest; null if both are lost
  private record Remains(
      UUID id,
      Geometry geometry,
      int extents,
      @Nullable SlotMap used,
      RecentEntries recent,
      long nextSequence,
      @Nullable Superblock superblock) {}

  private VolumeRebuild(Device device, RandomGenerator random, Remains remains) throws IOException {
    this.device = device;
    this.random = random;
    this.remains = remains;
    this.geometry = remains.geometry();
    this.firstSequence = remains.nextSequence() + 1;
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
    return rebuild.generation.index().entries();
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
          replay.nextSequence(),
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
        superblock.journal().sequence() + mostRecords(superblock),
        superblock);
  }

  private static long mostRecords(Superblock superblock) {
    long bytes = superblock.journal().area().count() * superblock.geometry().extentBytes();
    return bytes / UNIT_BYTES;
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
    return new Remains(best.volume(), geometry, extents, null, new RecentEntries(), 0, null);
  }

  private static Optional<SlotHeader> header(Device device, long offset) throws IOException {
    MemorySegment unit = MemorySegment.ofArray(new byte[UNIT_BYTES]);
    return device.tryRead(offset, unit) ? SlotHeader.parse(unit, offset) : Optional.empty();
  }

  // Scanning

  private void findSlots() throws IOException {
    BitSet others = otherExtents();
    for (int i = 1; i < remains.extents(); i++) {
      BlockSize size = others.get(i) ? null : sizeOf(i);
      if (size != null) {
        map.assign(i, size);
      }
    }
    Superblock old = remains.superblock();
    if (old != null) {
      map.take(old.settings().document().area());
      if (remains.used() != null) {
        for (Superblock.Run run : old.pages().runs()) {
          map.take(run);
        }
      }
    }
  }

  /// Extents of journal and document, whatever they begin with.
  private BitSet otherExtents() {
    var others = new BitSet();
    Superblock old = remains.superblock();
    if (old != null) {
      for (Superblock.Run run : List.of(old.journal().area(), old.settings().document().area())) {
        others.set(run.first(), run.first() + run.count());
      }
    }
    return others;
  }

  private void scan() throws IOException {
    try (var scan = new SlotScan(device, geometry, this::take)) {
      for (int i = 1; i < remains.extents(); i++) {
        BlockSize size = map.sizeOf(i);
        if (size != null) {
          scan.scan(i, size, usedSlots(i, size));
        }
      }
      scan.finish();
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

  private BitSet usedSlots(int extent, BlockSize size) {
    int count = geometry.slots(size);
    var slots = new BitSet(count);
    for (int slot = 0; slot < count; slot++) {
      slots.set(slot, remains.used() == null || remains.used().isUsed(extent, slot));
    }
    return slots;
  }

  /// Of a reference that is found again after a merge, the next one frees the first slot.
  private void take(int extent, int slot, Reference reference) throws IOException {
    RecentEntries recent = generation.recent();
    if (Place.isRemoved(remains.recent().find(reference).where())
        || recent.find(reference).isPresent()) {
      return;
    }
    space.reservePages(generation.index().entries() + recent.count() + 1);
    map.use(extent, slot);
    BlockSize size = Objects.requireNonNull(map.sizeOf(extent));
    recent.add(reference, geometry.place(extent, slot, size).packed(), firstSequence);
    if (recent.count() == RecentEntries.MAX_COUNT) {
      merge();
    }
  }

  // The new index

  /// A generation without blocks, whose superblock is not written.
  private Generation nothing() throws DamagedVolume {
    Superblock old = remains.superblock();
    Superblock.Run area = old == null ? freeExtent() : old.journal().area();
    var journal = new Superblock.JournalRoot(area, firstSequence, random.nextInt());
    var pages = new Superblock.PagesRoot(0, BlockCounts.none(), 1, 0, 0, List.of());
    long number = old == null ? 0 : old.generation();
    VolumeSettings settings = old == null ? VolumeSettings.DEFAULT : old.settings();
    var superblock =
        new Superblock(remains.id(), number, geometry, remains.extents(), journal, pages, settings);
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
    Checkpoint.merge(generation.index(), generation.recent(), writer::add, map);
    Superblock.PagesRoot pages = writer.finish(map);
    var superblock =
        new Superblock(
            old.id(),
            old.generation() + 1,
            geometry,
            map.extents(),
            old.journal(),
            pages,
            old.settings());
    generation = Generation.fresh(device, superblock, writer.filter());
    space.turnTo(superblock, old);
  }

  private void finish() throws IOException {
    merge();
    device.flush();
    Superblocks.write(device, generation.superblock());
  }
}
