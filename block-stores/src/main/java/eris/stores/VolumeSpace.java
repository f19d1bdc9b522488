package eris.stores;

import static eris.stores.VolumeLayout.UNIT_BYTES;

import eris.BlockSize;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Gives out the space of a volume: slots for blocks, extents for pages and journal. Always keeps
/// enough extents, and set aside by the device, for the next checkpoint.
///
/// Not safe for concurrent use.
final class VolumeSpace {
  private static final String NO_SPACE = "No space left on device"; // as the system has it

  /// A journal has an eighth as many entries as the index, up to what [RecentEntries] holds.
  private static final int INDEX_TO_JOURNAL = 8;

  private static final long UNKNOWN = -1;

  private final Device device;
  private final Geometry geometry;
  private final SlotMap map;
  private final int extentsAtOpening;
  private long reservedEntries = UNKNOWN;

  /// Unused slots.
  record Slots(long kib, int count) {}

  VolumeSpace(Device device, Geometry geometry, SlotMap map) {
    this.device = device;
    this.geometry = geometry;
    this.map = map;
    this.extentsAtOpening = map.extents();
  }

  /// The map of a volume and its journal.
  static SlotMap readMap(Device device, Superblock superblock, JournalReplay replay)
      throws IOException {
    var row = new PageRow(device, superblock.geometry(), superblock.pages());
    SlotMap map = SlotMap.read(superblock.geometry(), superblock.extents(), mapBytes(row));
    map.growTo(replay.extents());
    map.take(superblock.journal().area());
    map.take(superblock.settings().document().area());
    for (Superblock.Run run : superblock.pages().runs()) {
      map.take(run);
    }
    RecentEntries recent = replay.entries();
    for (int i = 0; i < recent.count(); i++) {
      if (!Place.isRemoved(recent.where(i))) {
        map.use(Place.unpack(recent.where(i)));
      }
    }
    return map;
  }

  private static SlotMap.Input mapBytes(PageRow row) {
    MemorySegment page = MemorySegment.ofArray(new byte[UNIT_BYTES]);
    long[] read = {0};
    return () -> {
      int inPage = (int) (read[0] % Page.PAYLOAD_BYTES);
      if (read[0] == row.root().mapBytes()) {
        throw new DamagedVolume("the map is too short");
      }
      if (inPage == 0) {
        row.read(row.root().indexPages() + read[0] / Page.PAYLOAD_BYTES, page);
      }
      read[0]++;
      return Byte.toUnsignedInt(page.get(ValueLayout.JAVA_BYTE, Page.PAYLOAD + inPage));
    };
  }

  // Slots

  /// Up to `most` slots in a row.
  ///
  /// @throws IOException if there is no space
  Slots takeSlots(BlockSize size, int most, UUID volume) throws IOException {
    SlotMap.Free free = map.find(size, most);
    if (free == null) {
      return takeFreshSlots(size, Math.min(most, geometry.slots(size)), volume);
    }
    Place first = geometry.place(free.extent(), free.slot(), size);
    reserve(first.offset(), (long) free.count() * size.bytes());
    return new Slots(first.kib(), free.count());
  }

  private Slots takeFreshSlots(BlockSize size, int count, UUID volume) throws IOException {
    int extent = nextFree();
    Place first = geometry.place(extent, 0, size);
    long offset = extent * geometry.extentBytes();
    reserve(offset, first.offset() - offset + (long) count * size.bytes());
    MemorySegment header = MemorySegment.ofArray(new byte[UNIT_BYTES]);
    new SlotHeader(volume, extent, geometry, size).writeTo(header);
    device.write(offset, header);
    growTo(extent + 1);
    map.assign(extent, size);
    reservedEntries = UNKNOWN; // the map has become larger
    return new Slots(first.kib(), count);
  }

  /// A volume of fixed size has its space from the beginning.
  private void reserve(long offset, long sizeBytes) throws IOException {
    if (geometry.growable()) {
      device.reserve(offset, sizeBytes);
    }
  }

  /// A free extent, or the one with which the volume would grow.
  private int nextFree() throws IOException {
    OptionalInt free = map.free();
    if (free.isEmpty() && !canGrow()) {
      throw noSpace();
    }
    return free.orElse(map.extents());
  }

  private static IOException noSpace() {
    return new IOException(NO_SPACE);
  }

  private void growTo(int extents) {
    map.growTo(Math.max(extents, map.extents()));
  }

  private boolean canGrow() {
    return geometry.growable() && device.grows() && map.extents() < VolumeLayout.MAX_EXTENTS;
  }

  /// Extents that are free for blocks.
  int freeExtents() {
    return map.freeCount();
  }

  // Pages

  /// Makes sure that an index of so many entries can be written.
  void reservePages(long entries) throws IOException {
    if (entries <= reservedEntries) {
      return;
    }
    long ahead = entries + entries / 8 + 64;
    if (!tryReserve(ahead) && !tryReserve(entries)) {
      throw noSpace();
    }
  }

  private boolean tryReserve(long entries) throws IOException {
    int wanted = extentsFor(entries);
    BitSet reserved = map.reserved();
    while (reserved.cardinality() < wanted) {
      try {
        int extent = nextFree();
        if (extent >= extentsAtOpening) { // else its space has been set aside before
          reserve(extent * geometry.extentBytes(), geometry.extentBytes());
        }
        growTo(extent + 1);
        reserved.set(extent);
      } catch (IOException e) {
        if (OsError.DISK_FULL.is(e)) {
          return false;
        }
        throw e;
      }
    }
    reservedEntries = entries;
    return true;
  }

  private int extentsFor(long entries) {
    return PagesWriter.extentsFor(geometry, entries, map.mostMapBytes());
  }

  /// The next extent for pages that are being written.
  int takeForPages() throws IOException {
    int reserved = map.reserved().nextSetBit(1);
    int extent = reserved >= 0 ? reserved : map.free().orElseThrow(VolumeSpace::noSpace);
    map.take(new Superblock.Run(extent, 1));
    return extent;
  }

  /// Where the journal beside so many entries should be: where it was, if there is no better place.
  Superblock.Run journalFor(long entries, Superblock.Run present) throws IOException {
    long journalEntries = Math.min(entries / INDEX_TO_JOURNAL, RecentEntries.MAX_COUNT);
    long bytes = 2 * Journal.recordBytes((int) journalEntries);
    int wanted = (int) Math.ceilDiv(bytes, geometry.extentBytes());
    if (wanted < 2 * present.count()) {
      return present;
    }
    return Optional.ofNullable(tryTake(wanted)).orElse(present);
  }

  /// Takes neighbouring extents for the document.
  ///
  /// @throws IOException if there is no space
  Superblock.Run takeForDocument(int extents) throws IOException {
    return Optional.ofNullable(tryTake(extents)).orElseThrow(VolumeSpace::noSpace);
  }

  /// Lets go of what was taken for a document that is none.
  void release(Superblock.Run area) {
    map.release(area);
  }

  private Superblock.@Nullable Run tryTake(int extents) throws IOException {
    Superblock.Run run = map.freeRun(extents);
    if (run == null && canGrow()) {
      run = new Superblock.Run(map.extents(), extents);
    }
    if (run == null || !tryReserve(run)) {
      return null;
    }
    growTo(run.first() + run.count());
    map.take(run);
    return run;
  }

  private boolean tryReserve(Superblock.Run run) throws IOException {
    try {
      reserve(run.first() * geometry.extentBytes(), run.count() * geometry.extentBytes());
      return true;
    } catch (IOException e) {
      if (OsError.DISK_FULL.is(e)) {
        return false;
      }
      throw e;
    }
  }

  /// The superblock is written: what only `old` needs is free, or kept for the next one.
  void turnTo(Superblock superblock, Superblock old) {
    if (!superblock.journal().area().equals(old.journal().area())) {
      map.release(old.journal().area());
    }
    Superblock.Run document = old.settings().document().area();
    if (!superblock.settings().document().area().equals(document)) {
      map.release(document);
    }
    reservedEntries = UNKNOWN;
    int wanted = extentsFor(superblock.pages().entries() + 1);
    for (Superblock.Run run : old.pages().runs()) {
      map.release(run);
      for (int i = run.first(); i < run.first() + run.count(); i++) {
        map.reserved().set(i, map.reserved().cardinality() < wanted);
      }
    }
  }
}
