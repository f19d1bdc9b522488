package eris.stores;

import static eris.stores.VolumeLayout.ENTRY_BYTES;
import static eris.stores.VolumeLayout.ENTRY_SEQUENCE;
import static eris.stores.VolumeLayout.ENTRY_WHERE;
import static eris.stores.VolumeLayout.INT;
import static eris.stores.VolumeLayout.LONG;
import static eris.stores.VolumeLayout.UNIT_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The journal of one generation of a volume, to be appended to. Each record is written twice.
///
/// Not safe for concurrent use, but for [#flushed].
final class Journal {
  static final int MAX_ENTRIES_IN_RECORD = 1 << 16;
  static final int HEADER_BYTES = 2 * ENTRY_BYTES;
  static final int CHECKSUM = 0;
  static final int PREVIOUS = 4;
  static final int MAGIC = 8;
  static final int SEQUENCE = 16;
  static final int FLUSHED = 24;
  static final int EXTENTS = 32;
  static final int COUNT = 36;
  static final int COUNTS = 40;
  static final long MAGIC_TEXT = Superblock.text("ERIS jrn");

  private final Device device;
  private final JournalArea area;
  private long offset;
  private int previous;
  private long sequence;
  private volatile long flushed;

  /// Goes on where a replay ended.
  Journal(Device device, JournalArea area, JournalReplay end) {
    this.device = device;
    this.area = area;
    this.offset = end.endOffset();
    this.previous = end.lastChecksum();
    this.sequence = end.nextSequence();
    this.flushed = end.flushed();
  }

  /// An empty one.
  Journal(Device device, JournalArea area, Superblock.JournalRoot root) {
    this.device = device;
    this.area = area;
    this.previous = root.seed();
    this.sequence = root.sequence();
    this.flushed = root.sequence() - 1;
  }

  /// The number of the next record.
  long nextSequence() {
    return sequence;
  }

  boolean isFlushed() {
    return flushed == sequence - 1;
  }

  /// Whether a record of so many entries can still be appended.
  boolean fits(int entries) {
    return entries <= MAX_ENTRIES_IN_RECORD && offset + recordBytes(entries) <= area.halfBytes();
  }

  static long recordBytes(int entries) {
    long bytes = HEADER_BYTES + (long) entries * ENTRY_BYTES;
    return Math.ceilDiv(bytes, UNIT_BYTES) * UNIT_BYTES;
  }

  /// Appends a record of the entries from index `from` to `to`, which [#fits].
  ///
  /// @param extents of the volume
  /// @param counts of all its blocks, those of this record included
  void append(RecentEntries entries, int from, int to, int extents, BlockCounts counts)
      throws IOException {
    int count = to - from;
    assert fits(count);
    MemorySegment record = MemorySegment.ofArray(new byte[(int) recordBytes(count)]);
    for (int i = 0; i < count; i++) {
      long at = HEADER_BYTES + (long) i * ENTRY_BYTES;
      entries.reference(from + i).writeTo(record, at);
      record.set(LONG, at + ENTRY_WHERE, entries.where(from + i));
      record.set(LONG, at + ENTRY_SEQUENCE, entries.sequence(from + i));
    }
    record.set(INT, PREVIOUS, previous);
    record.set(LONG, MAGIC, MAGIC_TEXT);
    record.set(LONG, SEQUENCE, sequence);
    record.set(LONG, FLUSHED, flushed);
    record.set(INT, EXTENTS, extents);
    record.set(INT, COUNT, count);
    counts.writeTo(record, COUNTS);
    VolumeLayout.seal(record.asSlice(0, HEADER_BYTES + (long) count * ENTRY_BYTES), CHECKSUM);
    device.write(area.offset(0) + offset, record);
    device.write(area.offset(1) + offset, record);
    offset += record.byteSize();
    previous = record.get(INT, CHECKSUM);
    sequence++;
  }

  /// Notes that all records before `next` are durable.
  void flushed(long next) {
    flushed = next - 1;
  }
}
