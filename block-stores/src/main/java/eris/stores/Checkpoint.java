package eris.stores;

import eris.Reference;
import java.io.IOException;

/// Merges what is recent with the index, and lets the map know which slots that leaves unused.
final class Checkpoint implements VolumeIndex.Visitor {
  static final Reference FIRST = new Reference(0, 0, 0, 0);

  private final RecentEntries recent;
  private final RecentEntries.Sorted sorted;
  private final VolumeIndex.Visitor merged;
  private final SlotMap map;
  private int next;

  private Checkpoint(RecentEntries recent, VolumeIndex.Visitor merged, SlotMap map) {
    this.recent = recent;
    this.sorted = recent.sorted(FIRST);
    this.merged = merged;
    this.map = map;
  }

  /// Passes the entries on to `merged`. Slots that they no longer name are marked as unused in
  /// `map`, and must not be written before the superblock is.
  static void merge(
      VolumeIndex index, RecentEntries recent, VolumeIndex.Visitor merged, SlotMap map)
      throws IOException {
    var checkpoint = new Checkpoint(recent, merged, map);
    index.forEach(FIRST, checkpoint);
    while (checkpoint.next < checkpoint.sorted.count()) {
      checkpoint.addNext();
    }
    checkpoint.freeReplaced();
  }

  @Override
  public void visit(Reference reference, long where, long sequence) throws IOException {
    while (next < sorted.count() && sorted.reference(next).compareTo(reference) < 0) {
      addNext();
    }
    if (next == sorted.count() || !sorted.reference(next).equals(reference)) {
      merged.visit(reference, where, sequence);
      return;
    }
    if (replaces(sorted.where(next), where)) {
      map.free(Place.unpack(where));
    }
    addNext();
  }

  private void addNext() throws IOException {
    if (!Place.isRemoved(sorted.where(next))) {
      merged.visit(sorted.reference(next), sorted.where(next), sorted.sequence(next));
    }
    next++;
  }

  private void freeReplaced() {
    for (int i = 0; i < recent.count(); i++) {
      long where = recent.where(i);
      if (!Place.isRemoved(where) && replaces(recent.find(recent.reference(i)).where(), where)) {
        map.free(Place.unpack(where));
      }
    }
  }

  /// Whether an entry that was followed by `latest` names a slot that is no longer used.
  private static boolean replaces(long latest, long where) {
    return Place.isRemoved(latest) || !Place.isSameSlot(latest, where);
  }
}
