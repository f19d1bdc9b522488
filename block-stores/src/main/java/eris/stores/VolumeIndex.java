package eris.stores;

import static eris.stores.VolumeLayout.UNIT_BYTES;

import eris.Reference;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/// The index of one generation: sorted, in pages, and never changed. Safe for concurrent use.
final class VolumeIndex {
  private final PageRow row;
  private final IndexFilter filter;
  private final ConcurrentLinkedDeque<MemorySegment> buffers = new ConcurrentLinkedDeque<>();

  /// @param filter nothing that it excludes is in the index
  VolumeIndex(PageRow row, IndexFilter filter) {
    this.row = row;
    this.filter = filter;
  }

  /// Told of entries.
  @FunctionalInterface
  interface Visitor {
    void visit(Reference reference, long where, long sequence) throws IOException;
  }

  long entries() {
    return row.root().entries();
  }

  static long bucketOf(Reference reference, long buckets) {
    return Math.unsignedMultiplyHigh(reference.w0(), buckets);
  }

  /// What the index says of a block; [Entry#NONE] if nothing.
  Entry find(Reference reference) throws IOException {
    try (Lookup lookup = lookup()) {
      return lookup.find(reference);
    }
  }

  /// For many lookups by one thread: neighbours in the order of references cost one read together.
  Lookup lookup() {
    MemorySegment buffer = buffers.poll();
    return new Lookup(buffer == null ? Arena.ofAuto().allocate(UNIT_BYTES, UNIT_BYTES) : buffer);
  }

  /// Finds entries.
  final class Lookup implements AutoCloseable {
    private final MemorySegment page;
    private long loaded = -1;

    private Lookup(MemorySegment page) {
      this.page = page;
    }

    /// What the index says of a block; [Entry#NONE] if nothing.
    Entry find(Reference reference) throws IOException {
      if (entries() == 0 || !filter.mayHold(reference)) {
        return Entry.NONE;
      }
      long number = bucketOf(reference, row.root().buckets());
      while (true) {
        load(number);
        int index = Page.search(page, reference);
        if (index >= 0) {
          return new Entry(requireKnown(Page.where(page, index)), Page.sequence(page, index));
        }
        boolean behindAll = -1 - index == Page.entryCount(page);
        if (!behindAll || !Page.isContinued(page)) {
          return Entry.NONE;
        }
        number++;
        if (number >= row.root().indexPages()) {
          throw new DamagedVolume("the last page of the index claims to be continued");
        }
      }
    }

    private void load(long number) throws IOException {
      if (number != loaded) {
        loaded = -1; // should reading fail
        row.read(number, page);
        loaded = number;
      }
    }

    @Override
    public void close() {
      buffers.push(page);
    }
  }

  private static long requireKnown(long where) throws DamagedVolume {
    if (!Place.isKnown(where) || Place.isRemoved(where)) {
      throw new DamagedVolume("an entry of the index says nothing that format 1 has");
    }
    return where;
  }

  /// Goes through the entries from `from` on, in ascending order.
  ///
  /// @throws DamagedVolume if their order is wrong
  void forEach(Reference from, Visitor visitor) throws IOException {
    if (entries() == 0) {
      return;
    }
    MemorySegment group = Arena.ofAuto().allocate(PageRow.GROUP_BYTES, UNIT_BYTES);
    long loaded = -1;
    Reference last = null;
    for (long number = bucketOf(from, row.root().buckets());
        number < row.root().indexPages();
        number++) {
      if (number / PageRow.GROUP_PAGES != loaded) {
        loaded = number / PageRow.GROUP_PAGES;
        row.readGroup(loaded, group);
      }
      MemorySegment page = row.page(number, group);
      for (int i = 0; i < Page.entryCount(page); i++) {
        Reference reference = Page.reference(page, i);
        if (last != null && reference.compareTo(last) <= 0) {
          throw new DamagedVolume("the index is not in order");
        }
        last = reference;
        if (reference.compareTo(from) >= 0) {
          visitor.visit(reference, requireKnown(Page.where(page, i)), Page.sequence(page, i));
        }
      }
    }
  }
}
