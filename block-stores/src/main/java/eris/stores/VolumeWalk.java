package eris.stores;

import eris.Reference;
import java.io.IOException;

/// Visits all entries of a volume in ascending order: recent ones and those of the index, merged,
/// but for removed ones.
///
/// A checkpoint meanwhile may write over pages that are not read yet: then it goes on in the new
/// generation, behind what was visited.
final class VolumeWalk implements VolumeIndex.Visitor {
  private final VolumeView view;
  private final VolumeIndex.Visitor visitor;
  private Reference from;
  private boolean visited; // and so `from` itself is done
  private RecentEntries.Sorted recent;
  private int next;

  VolumeWalk(VolumeView view, Reference from, VolumeIndex.Visitor visitor) {
    this.view = view;
    this.from = from;
    this.visitor = visitor;
    this.recent = view.sortedRecent(view.generation(), from);
  }

  void run() throws IOException {
    Generation generation = view.generation();
    while (!walked(generation)) {
      generation = view.generation();
    }
  }

  /// @return whether that was all
  private boolean walked(Generation generation) throws IOException {
    recent = view.sortedRecent(generation, from);
    next = 0;
    try {
      generation.index().forEach(from, this);
    } catch (DamagedVolume e) {
      if (view.isCurrent(generation)) {
        throw e;
      }
      return false;
    }
    while (next < recent.count()) {
      visitNext();
    }
    return true;
  }

  @Override
  public void visit(Reference reference, long where, long sequence) throws IOException {
    while (next < recent.count() && recent.reference(next).compareTo(reference) < 0) {
      visitNext();
    }
    if (next < recent.count() && recent.reference(next).equals(reference)) {
      visitNext();
    } else {
      tell(reference, where, sequence);
    }
  }

  private void visitNext() throws IOException {
    long where = recent.where(next);
    long sequence = recent.sequence(next);
    Reference reference = recent.reference(next);
    next++;
    if (!Place.isRemoved(where)) {
      tell(reference, where, sequence);
    }
  }

  private void tell(Reference reference, long where, long sequence) throws IOException {
    if (!visited || reference.compareTo(from) > 0) {
      visitor.visit(reference, where, sequence);
      from = reference;
      visited = true;
    }
  }
}
