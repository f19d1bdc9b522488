package eris.stores;

import static eris.stores.VolumeLayout.INT;
import static eris.stores.VolumeLayout.LONG;
import static eris.stores.VolumeLayout.UNIT_BYTES;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;

/// The root of a volume: where journal and pages are. One unit, kept twice.
record Superblock(
    UUID id,
    long generation,
    Geometry geometry,
    int extents,
    JournalRoot journal,
    PagesRoot pages,
    VolumeSettings settings) {
  static final int MAX_RUNS = 480;

  private static final long MAGIC = text("ERIS vol");
  private static final int CHECKSUM = 12;
  private static final int RUNS = 128;
  private static final int RUN_BYTES = 8;
  private static final int SETTINGS = RUNS + MAX_RUNS * RUN_BYTES;
  private static final int COUNTS = 3992;

  /// Neighbouring extents.
  record Run(int first, int count) {}

  /// The journal that goes with the pages.
  ///
  /// @param sequence of its first record
  /// @param seed what that record has for the checksum of the one before
  record JournalRoot(Run area, long sequence, int seed) {}

  /// The index, and behind it the map.
  ///
  /// @param counts of its entries
  record PagesRoot(
      int generation,
      BlockCounts counts,
      long buckets,
      long indexPages,
      long mapBytes,
      List<Run> runs) {
    PagesRoot {
      counts = counts.copy();
      runs = List.copyOf(runs);
    }

    @Override
    public BlockCounts counts() {
      return counts.copy();
    }

    long entries() {
      return counts.all();
    }

    long pages() {
      return indexPages + mapPages();
    }

    long mapPages() {
      return Math.ceilDiv(mapBytes, Page.PAYLOAD_BYTES);
    }
  }

  /// The superblock of the next generation, whose index is the same.
  Superblock with(VolumeSettings next) {
    return new Superblock(id, generation + 1, geometry, extents, journal, pages, next);
  }

  /// Eight characters as a little-endian number.
  static long text(String magic) {
    return MemorySegment.ofArray(magic.getBytes(StandardCharsets.US_ASCII)).get(LONG, 0);
  }

  void writeTo(MemorySegment unit) {
    unit.fill((byte) 0);
    unit.set(LONG, 0, MAGIC);
    unit.set(INT, 8, VolumeLayout.VERSION);
    VolumeId.write(id, unit, 16);
    unit.set(LONG, 32, generation);
    unit.set(INT, 40, extents);
    unit.set(INT, 44, geometry.extentUnits());
    unit.set(INT, 48, geometry.growable() ? 1 : 0);
    unit.set(INT, 52, journal.area().first());
    unit.set(INT, 56, journal.area().count());
    unit.set(INT, 60, journal.seed());
    unit.set(LONG, 64, journal.sequence());
    unit.set(LONG, 72, pages.mapBytes());
    unit.set(LONG, 80, pages.entries());
    unit.set(LONG, 88, pages.buckets());
    unit.set(LONG, 96, pages.indexPages());
    unit.set(INT, 104, pages.generation());
    unit.set(INT, 108, pages.runs().size());
    for (int i = 0; i < pages.runs().size(); i++) {
      unit.set(INT, RUNS + i * RUN_BYTES, pages.runs().get(i).first());
      unit.set(INT, RUNS + i * RUN_BYTES + Integer.BYTES, pages.runs().get(i).count());
    }
    settings.writeTo(unit.asSlice(SETTINGS));
    pages.counts().writeTo(unit, COUNTS);
    VolumeLayout.seal(unit, CHECKSUM);
  }

  /// Whether `unit` is a superblock, of any version.
  static boolean isSound(MemorySegment unit) {
    return unit.get(LONG, 0) == MAGIC && VolumeLayout.isSealed(unit, CHECKSUM);
  }

  /// @param unit a sound superblock
  static int version(MemorySegment unit) {
    return unit.get(INT, 8);
  }

  /// Reads a sound superblock of version 1, and believes none of its numbers.
  ///
  /// @throws DamagedVolume if they cannot be
  static Superblock parse(MemorySegment unit) throws DamagedVolume {
    assert unit.byteSize() == UNIT_BYTES;
    int extentUnits = unit.get(INT, 44);
    require(
        Integer.bitCount(extentUnits) == 1
            && extentUnits >= VolumeLayout.MIN_EXTENT_UNITS
            && extentUnits <= VolumeLayout.MAX_EXTENT_UNITS,
        "units in an extent");
    require((unit.get(INT, 48) & ~1) == 0, "growth");
    var geometry = new Geometry(extentUnits, unit.get(INT, 48) == 1);
    int extents = unit.get(INT, 40);
    require(extents >= VolumeLayout.MIN_EXTENTS && extents <= VolumeLayout.MAX_EXTENTS, "extents");
    var taken = new BitSet();
    Run area = run(unit, 52, extents, taken);
    var journal = new JournalRoot(area, unit.get(LONG, 64), unit.get(INT, 60));
    require(journal.sequence() > 0, "sequence of the journal");
    PagesRoot pages = pages(unit, geometry, extents, taken);
    long generation = unit.get(LONG, 32);
    require(generation > 0, "generation");
    VolumeSettings settings = VolumeSettings.readFrom(unit.asSlice(SETTINGS));
    VolumeSettings.Document document = settings.document();
    if (document.area().count() > 0) {
      requireApart(document.area(), extents, taken);
      require(VolumeDocument.fits(document, geometry), "size of the document");
    }
    return new Superblock(
        VolumeId.read(unit, 16), generation, geometry, extents, journal, pages, settings);
  }

  private static PagesRoot pages(MemorySegment unit, Geometry geometry, int extents, BitSet taken)
      throws DamagedVolume {
    int runCount = unit.get(INT, 108);
    require(runCount >= 1 && runCount <= MAX_RUNS, "number of runs");
    List<Run> runs = new ArrayList<>();
    long pageExtents = 0;
    for (int i = 0; i < runCount; i++) {
      runs.add(run(unit, RUNS + i * RUN_BYTES, extents, taken));
      pageExtents += runs.getLast().count();
    }
    long mapBytes = unit.get(LONG, 72);
    long most = (long) extents * (1 + geometry.slots(eris.BlockSize.KIB_1) / 8 + 1);
    require(mapBytes >= extents && mapBytes <= most, "bytes of the map");
    long room = pageExtents * geometry.extentUnits() / PageRow.GROUP_UNITS * PageRow.GROUP_PAGES;
    long indexPages = unit.get(LONG, 96);
    require(indexPages >= 1 && indexPages <= room, "pages of the index");
    long buckets = unit.get(LONG, 88);
    require(buckets >= 1 && buckets <= indexPages, "buckets of the index");
    long entries = unit.get(LONG, 80);
    require(entries >= 0 && entries <= indexPages * Page.MAX_ENTRIES, "entries of the index");
    BlockCounts counts = BlockCounts.readFrom(unit, COUNTS);
    require(counts.all() == entries, "numbers of blocks");
    var root = new PagesRoot(unit.get(INT, 104), counts, buckets, indexPages, mapBytes, runs);
    require(root.pages() <= room, "pages of index and map");
    return root;
  }

  private static Run run(MemorySegment unit, int offset, int extents, BitSet taken)
      throws DamagedVolume {
    var run = new Run(unit.get(INT, offset), unit.get(INT, offset + Integer.BYTES));
    requireApart(run, extents, taken);
    return run;
  }

  private static void requireApart(Run run, int extents, BitSet taken) throws DamagedVolume {
    int first = run.first();
    int count = run.count();
    require(first >= 1 && first < extents && count >= 1 && count <= extents - first, "a run");
    int clash = taken.nextSetBit(first);
    require(clash < 0 || clash >= first + count, "a run, which is used twice");
    taken.set(first, first + count);
  }

  private static void require(boolean valid, String field) throws DamagedVolume {
    if (!valid) {
      throw new DamagedVolume("the superblock cannot be right: " + field);
    }
  }
}
