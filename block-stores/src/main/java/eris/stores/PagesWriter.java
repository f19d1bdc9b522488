package eris.stores;

import static eris.stores.VolumeLayout.ENTRY_BYTES;
import static eris.stores.VolumeLayout.ENTRY_SEQUENCE;
import static eris.stores.VolumeLayout.ENTRY_WHERE;
import static eris.stores.VolumeLayout.LONG;
import static eris.stores.VolumeLayout.UNIT_BYTES;

import eris.Reference;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Writes the pages of a new generation: first the entries of the index in ascending order, then
/// the map.
final class PagesWriter {
  /// How full a page is on average; the rest is for buckets that happen to be larger.
  private static final int WANTED_ENTRIES = Page.MAX_ENTRIES * 4 / 5;

  private final Device device;
  private final Geometry geometry;
  private final Extents extents;
  private final int generation;
  private final long buckets;
  private final MemorySegment group = Arena.ofAuto().allocate(PageRow.GROUP_BYTES, UNIT_BYTES);
  private final List<Integer> row = new ArrayList<>();
  private long number; // of the page being filled
  private long groups;
  private int inPage; // entries, or bytes of the map
  private final BlockCounts counts = BlockCounts.none();
  private final IndexFilter filter;

  /// Where the next extent for pages is.
  @FunctionalInterface
  interface Extents {
    int next() throws IOException;
  }

  /// @param mostEntries how many there will be, or a few more
  PagesWriter(Device device, Geometry geometry, Extents extents, int generation, long mostEntries) {
    this.device = device;
    this.geometry = geometry;
    this.extents = extents;
    this.generation = generation;
    this.buckets = bucketsFor(mostEntries);
    this.filter = IndexFilter.of(mostEntries);
  }

  static long bucketsFor(long entries) {
    return Math.max(1, Math.ceilDiv(entries, WANTED_ENTRIES));
  }

  /// The extents that pages of so much take, and a little more.
  static int extentsFor(Geometry geometry, long entries, long mapBytes) {
    long index = bucketsFor(entries);
    long slack = 2 + index / 64;
    long pages = index + slack + Math.ceilDiv(mapBytes, Page.PAYLOAD_BYTES);
    long units = Math.ceilDiv(pages, PageRow.GROUP_PAGES) * PageRow.GROUP_UNITS;
    return (int) Math.ceilDiv(units, geometry.extentUnits());
  }

  /// Adds an entry behind all that were added.
  void add(Reference reference, long where, long sequence) throws IOException {
    long bucket = VolumeIndex.bucketOf(reference, buckets);
    while (number < bucket || inPage == Page.MAX_ENTRIES) {
      finishIndexPage(bucket <= number);
    }
    long at = payload() + (long) inPage * ENTRY_BYTES;
    reference.writeTo(group, at);
    group.set(LONG, at + ENTRY_WHERE, where);
    group.set(LONG, at + ENTRY_SEQUENCE, sequence);
    inPage++;
    counts.replace(Place.NOWHERE, where);
    filter.add(reference);
  }

  /// Knows the entries that were added.
  IndexFilter filter() {
    return filter;
  }

  /// Writes what is left of the index, and the map.
  Superblock.PagesRoot finish(SlotMap map) throws IOException {
    while (inPage > 0 || number < buckets) {
      finishIndexPage(false);
    }
    long indexPages = number;
    long[] mapBytes = {0};
    map.writeTo(
        value -> {
          mapBytes[0]++;
          addToMap((byte) value);
        });
    if (inPage > 0) {
      finishPage(0, false);
    }
    if (number % PageRow.GROUP_PAGES > 0) {
      writeGroup();
    }
    return new Superblock.PagesRoot(
        generation, counts, buckets, indexPages, mapBytes[0], runs(row));
  }

  private void addToMap(byte value) throws IOException {
    if (inPage == Page.PAYLOAD_BYTES) {
      finishPage(0, false);
    }
    group.set(ValueLayout.JAVA_BYTE, payload() + inPage, value);
    inPage++;
  }

  private void finishIndexPage(boolean continued) throws IOException {
    finishPage(inPage, continued);
  }

  private void finishPage(int entryCount, boolean continued) throws IOException {
    MemorySegment page = group.asSlice(inGroup() * (long) UNIT_BYTES, UNIT_BYTES);
    Page.seal(page, entryCount, continued, generation, number);
    number++;
    inPage = 0;
    if (inGroup() == 0) {
      writeGroup();
    }
  }

  private void writeGroup() throws IOException {
    MemorySegment parity = group.asSlice(PageRow.GROUP_PAGES * (long) UNIT_BYTES, UNIT_BYTES);
    for (int i = 0; i < PageRow.GROUP_PAGES; i++) {
      PageRow.xor(parity, group.asSlice(i * (long) UNIT_BYTES, UNIT_BYTES));
    }
    long unit = groups * PageRow.GROUP_UNITS;
    if (unit % geometry.extentUnits() == 0) {
      row.add(extents.next());
    }
    device.write(
        row.getLast() * geometry.extentBytes() + unit % geometry.extentUnits() * UNIT_BYTES, group);
    groups++;
    group.fill((byte) 0);
  }

  private int inGroup() {
    return (int) (number % PageRow.GROUP_PAGES);
  }

  private long payload() {
    return inGroup() * (long) UNIT_BYTES + Page.PAYLOAD;
  }

  private static List<Superblock.Run> runs(List<Integer> extents) {
    List<Superblock.Run> runs = new ArrayList<>();
    for (int extent : extents) {
      Superblock.Run last = runs.isEmpty() ? new Superblock.Run(-1, 0) : runs.getLast();
      if (last.first() + last.count() == extent) {
        runs.set(runs.size() - 1, new Superblock.Run(last.first(), last.count() + 1));
      } else {
        runs.add(new Superblock.Run(extent, 1));
      }
    }
    return runs;
  }
}
