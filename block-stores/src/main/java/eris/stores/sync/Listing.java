package eris.stores.sync;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockInventory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What this side holds in some ranges, as far as one [Question.Have] can tell of it.
final class Listing {
  private static final Reference GREATEST = new Reference(-1, -1, -1, -1);

  private final Reference from;
  private final List<Entry> entries = new ArrayList<>();
  private Reference to = GREATEST;

  /// A block that is held.
  record Entry(Reference reference, BlockSize size) {}

  private Listing(Reference from) {
    this.from = from;
  }

  /// Walks the inventory from `from` on.
  static Listing of(BlockInventory inventory, Ranges ranges, Reference from) throws IOException {
    var listing = new Listing(from);
    RangeWalk.run(inventory, ranges, from, listing::add);
    return listing;
  }

  private boolean add(Reference reference, BlockSize size) {
    entries.add(new Entry(reference, size));
    if (entries.size() < Question.Have.MOST_REFERENCES) {
      return true;
    }
    to = reference;
    return false;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /// Whether there may be more than this.
  boolean isCut() {
    return !to.equals(GREATEST);
  }

  /// Where the listing after a cut one begins.
  Reference next() {
    long w3 = to.w3() + 1;
    long w2 = to.w2() + (w3 == 0 ? 1 : 0);
    long w1 = to.w1() + (w3 == 0 && w2 == 0 ? 1 : 0);
    long w0 = to.w0() + (w3 == 0 && w2 == 0 && w1 == 0 ? 1 : 0);
    return new Reference(w0, w1, w2, w3);
  }

  /// @param ranges those of which this is the listing
  Question.Have question(Ranges ranges) {
    int last = Math.min(ranges.indexFrom(to) + 1, ranges.count());
    return new Question.Have(
        from,
        to,
        ranges.part(ranges.indexFrom(from), last),
        entries.stream().map(Entry::reference).toList());
  }

  Set<Reference> references() {
    Set<Reference> references = new HashSet<>();
    entries.forEach(entry -> references.add(entry.reference()));
    return references;
  }

  List<Entry> without(BitSet held) {
    List<Entry> missing = new ArrayList<>();
    for (int i = held.nextClearBit(0); i < entries.size(); i = held.nextClearBit(i + 1)) {
      missing.add(entries.get(i));
    }
    return missing;
  }
}
