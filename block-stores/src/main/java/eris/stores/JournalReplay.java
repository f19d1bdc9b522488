package eris.stores;

import static eris.stores.VolumeLayout.ENTRY_BYTES;
import static eris.stores.VolumeLayout.INT;
import static eris.stores.VolumeLayout.LONG;
import static eris.stores.VolumeLayout.UNIT_BYTES;

import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// What the journal of a volume says, read once.
///
/// Records whose flush is not known to have ended may name blocks that never arrived: of those,
/// only blocks that hash to their reference count, and what is said of slots that were named before.
final class JournalReplay {
  private final Device device;
  private final Superblock superblock;
  private final JournalArea area;
  private final int deviceExtents;
  private final List<Found> records = new ArrayList<>();
  private final RecentEntries entries = new RecentEntries();
  private MemorySegment buffer = MemorySegment.ofArray(new byte[UNIT_BYTES]);
  private long endOffset;
  private int lastChecksum;
  private long nextSequence;
  private long flushed;
  private int extents;
  private boolean lostBlocks;
  private BlockCounts counts;

  private record Found(long offset, int half, long sequence) {}

  private JournalReplay(Device device, Superblock superblock) throws IOException {
    this.device = device;
    this.superblock = superblock;
    this.area = JournalArea.of(superblock.journal().area(), superblock.geometry());
    this.lastChecksum = superblock.journal().seed();
    this.nextSequence = superblock.journal().sequence();
    this.flushed = nextSequence - 1;
    this.extents = superblock.extents();
    this.counts = superblock.pages().counts();
    this.deviceExtents = Superblocks.extentsOf(device, superblock.geometry());
  }

  /// @throws DamagedVolume if a record says what cannot be
  static JournalReplay of(Device device, Superblock superblock) throws IOException {
    var replay = new JournalReplay(device, superblock);
    replay.findRecords();
    for (Found record : replay.records) {
      replay.apply(record);
    }
    Superblocks.requireExtents(device, superblock.geometry(), replay.extents);
    return replay;
  }

  RecentEntries entries() {
    return entries;
  }

  long endOffset() {
    return endOffset;
  }

  int lastChecksum() {
    return lastChecksum;
  }

  long nextSequence() {
    return nextSequence;
  }

  long flushed() {
    return flushed;
  }

  /// Of the volume, which may have grown.
  int extents() {
    return extents;
  }

  /// Whether there are entries that do not count. They must not be followed by further records,
  /// which would vouch for them.
  boolean lostBlocks() {
    return lostBlocks;
  }

  /// How many blocks there are by now.
  BlockCounts counts() throws IOException {
    return lostBlocks ? counted() : counts.copy();
  }

  private BlockCounts counted() throws IOException {
    BlockCounts counted = superblock.pages().counts();
    RecentEntries.Sorted sorted = entries.sorted(Reference.LEAST);
    try (VolumeIndex.Lookup lookup = index().lookup()) {
      for (int i = 0; i < sorted.count(); i++) {
        counted.replace(lookup.find(sorted.reference(i)).where(), sorted.where(i));
      }
    }
    return counted;
  }

  private VolumeIndex index() {
    return new VolumeIndex(
        new PageRow(device, superblock.geometry(), superblock.pages()), IndexFilter.none());
  }

  /// Writes over what is left of a record that did not arrive whole, if there is one: it may lack
  /// only a sector that the next record has too, and a power cut must not complete it.
  void repair() throws IOException {
    MemorySegment blank = MemorySegment.ofArray(new byte[UNIT_BYTES]).fill((byte) -1);
    for (int half = 0; half < 2; half++) {
      if (endOffset < area.halfBytes() && readHeader(half, endOffset)) {
        device.write(area.offset(half) + endOffset, blank);
        device.flush();
      }
    }
  }

  private void findRecords() throws IOException {
    while (endOffset < area.halfBytes()) {
      int half = readRecord(0, endOffset) ? 0 : 1;
      if (half == 1 && !readRecord(1, endOffset)) {
        break;
      }
      records.add(new Found(endOffset, half, nextSequence));
      flushed = Math.max(flushed, buffer.get(LONG, Journal.FLUSHED));
      lastChecksum = buffer.get(INT, Journal.CHECKSUM);
      endOffset += Journal.recordBytes(buffer.get(INT, Journal.COUNT));
      nextSequence++;
    }
    if (flushed >= nextSequence) {
      throw new DamagedVolume("the journal has lost records that were flushed");
    }
  }

  /// Reads the record at `offset` into the buffer, if it is a valid successor.
  private boolean readRecord(int half, long offset) throws IOException {
    if (!readHeader(half, offset)) {
      return false;
    }
    int count = buffer.get(INT, Journal.COUNT);
    if (count < 0
        || count > Journal.MAX_ENTRIES_IN_RECORD
        || offset + Journal.recordBytes(count) > area.halfBytes()) {
      return false;
    }
    int recordBytes = (int) Journal.recordBytes(count);
    if (buffer.byteSize() < recordBytes) {
      buffer = MemorySegment.ofArray(new byte[recordBytes]);
    }
    long sealed = Journal.HEADER_BYTES + (long) count * ENTRY_BYTES;
    return device.tryRead(area.offset(half) + offset, buffer.asSlice(0, recordBytes))
        && VolumeLayout.isSealed(buffer.asSlice(0, sealed), Journal.CHECKSUM);
  }

  /// Reads the first unit of a record into the buffer, if it belongs to a successor.
  private boolean readHeader(int half, long offset) throws IOException {
    return device.tryRead(area.offset(half) + offset, buffer.asSlice(0, UNIT_BYTES))
        && buffer.get(LONG, Journal.MAGIC) == Journal.MAGIC_TEXT
        && buffer.get(LONG, Journal.SEQUENCE) == nextSequence
        && buffer.get(INT, Journal.PREVIOUS) == lastChecksum;
  }

  private void apply(Found record) throws IOException {
    if (!readAgain(record)) {
      throw new DamagedVolume("the journal changes while it is read");
    }
    int grown = buffer.get(INT, Journal.EXTENTS);
    if (grown < extents || grown > VolumeLayout.MAX_EXTENTS) {
      throw new DamagedVolume("a record of the journal says %d extents".formatted(grown));
    }
    boolean doubtful = record.sequence() > flushed;
    extents = doubtful ? Math.max(extents, Math.min(grown, deviceExtents)) : grown;
    int count = buffer.get(INT, Journal.COUNT);
    if (count > RecentEntries.MAX_COUNT - entries.count()) {
      throw new DamagedVolume("the journal has more entries than it may");
    }
    MemorySegment block = MemorySegment.ofArray(new byte[eris.BlockSize.MAX_BYTES]);
    for (int i = 0; i < count; i++) {
      apply(Journal.HEADER_BYTES + i * ENTRY_BYTES, grown, doubtful, block);
    }
    counts = BlockCounts.readFrom(buffer, Journal.COUNTS);
    if (!lostBlocks && counts.all() > superblock.pages().entries() + entries.count()) {
      throw new DamagedVolume("a record of the journal counts more blocks than there can be");
    }
  }

  private boolean readAgain(Found record) throws IOException {
    long next = nextSequence;
    int last = lastChecksum;
    try {
      nextSequence = record.sequence();
      device.tryRead(area.offset(record.half()) + record.offset(), buffer.asSlice(0, UNIT_BYTES));
      lastChecksum = buffer.get(INT, Journal.PREVIOUS);
      return readRecord(record.half(), record.offset());
    } finally {
      nextSequence = next;
      lastChecksum = last;
    }
  }

  private void apply(int at, int within, boolean doubtful, MemorySegment scratch)
      throws IOException {
    Reference reference = Reference.readFrom(buffer, at);
    long where = buffer.get(LONG, at + VolumeLayout.ENTRY_WHERE);
    if (!Place.isKnown(where) || !superblock.geometry().holds(Place.unpack(where), within)) {
      throw new DamagedVolume("an entry of the journal says nothing that can be");
    }
    if (doubtful && !isTrue(reference, where, scratch)) {
      lostBlocks = true;
      return;
    }
    entries.add(reference, where, buffer.get(LONG, at + VolumeLayout.ENTRY_SEQUENCE));
  }

  private boolean isTrue(Reference reference, long where, MemorySegment scratch)
      throws IOException {
    return Place.isRemoved(where)
        || !Place.isHeld(where) && wasNamed(reference, where)
        || isThere(reference, Place.unpack(where), scratch);
  }

  /// Whether the slot is the one that was said before to have the block.
  private boolean wasNamed(Reference reference, long where) throws IOException {
    Entry recent = entries.find(reference);
    try {
      Entry before = recent.where() == Place.NOWHERE ? index().find(reference) : recent;
      return before.isPresent() && Place.isSameSlot(before.where(), where);
    } catch (DamagedVolume _) {
      return false; // and whoever needs the index will find out
    }
  }

  private boolean isThere(Reference reference, Place place, MemorySegment scratch)
      throws IOException {
    MemorySegment block = scratch.asSlice(0, place.size().bytes());
    return device.tryRead(place.offset(), block) && Reference.of(block).equals(reference);
  }
}
