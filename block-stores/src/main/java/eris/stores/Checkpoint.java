package eris.stores;

import eris.Reference;
import java.io.IOException;

/// Merges what is recent with the index into the pages of a new generation, and lets the map know
/// which slots that leaves unused.
final class Checkpoint implements VolumeIndex.Visitor {
  static final Reference FIRST = new Reference(0, 0, 0, 0);

  private final RecentEntries recent;
  private final RecentEntries.Sorted sorted;
  private final PagesWriter pages;
  private final SlotMap map;
  private int next;

  private Checkpoint(RecentEntries recent, PagesWriter pages, SlotMap map) {
    this.recent = recent;
    this.sorted = recent.sorted(FIRST);
    this.pages = pages;
    this.map = map;
  }

  /// Writes the pages. Slots that become unused are marked so in `map`, and must not be written
  /// before the superblock is.
  static Superblock.PagesRoot write(
      VolumeIndex index, RecentEntries recent, PagesWriter pages, SlotMap map) throws IOException {
    var checkpoint = new Checkpoint(recent, pages, map);
    index.forEach(FIRST, checkpoint);
    while (checkpoint.next < checkpoint.sorted.count()) {
      checkpoint.addNext();
    }
    checkpoint.freeReplaced();
    return pages.finish(map);
  }

  @Override
  public void visit(Reference reference, long where, long sequence) throws IOException {
    while (next < sorted.count() && sorted.reference(next).compareTo(reference) < 0) {
      addNext();
    }
    if (next == sorted.count() || !sorted.reference(next).equals(reference)) {
      pages.add(reference, where, sequence);
      return;
    }
    if (sorted.where(next) != where) {
      map.free(Place.unpack(where));
    }
    addNext();
  }

  private void addNext() throws IOException {
    if (!Place.isRemoved(sorted.where(next))) {
      pages.add(sorted.reference(next), sorted.where(next), sorted.sequence(next));
    }
    next++;
  }

  private void freeReplaced() {
    for (int i = 0; i < recent.count(); i++) {
      long where = recent.where(i);
      if (!Place.isRemoved(where) && recent.find(recent.reference(i)) != where) {
        map.free(Place.unpack(where));
      }
    }
  }
}
