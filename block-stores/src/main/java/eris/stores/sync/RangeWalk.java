package eris.stores.sync;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockInventory;
import java.io.IOException;

/// Visits the blocks of an inventory that are in some ranges, in ascending order. What lies between
/// is passed over; after some blocks of that, the inventory is asked anew from the next range on.
final class RangeWalk {
  private static final int MOST_PASSED_OVER = 256;

  private final BlockInventory inventory;
  private final Ranges ranges;
  private final Visitor visitor;
  private final Stop stop = new Stop();
  private int range;
  private int passedOver;
  private boolean ended;

  @FunctionalInterface
  interface Visitor {
    /// @return whether to go on
    boolean visit(Reference reference, BlockSize size) throws IOException;
  }

  /// Ends a visit of the inventory early.
  private static final class Stop extends IOException {
    private static final long serialVersionUID = 1;

    @Override
    public Throwable fillInStackTrace() {
      return this;
    }
  }

  private RangeWalk(BlockInventory inventory, Ranges ranges, Visitor visitor) {
    this.inventory = inventory;
    this.ranges = ranges;
    this.visitor = visitor;
  }

  /// @param from the least reference to be visited
  static void run(BlockInventory inventory, Ranges ranges, Reference from, Visitor visitor)
      throws IOException {
    new RangeWalk(inventory, ranges, visitor).run(from);
  }

  private void run(Reference from) throws IOException {
    range = ranges.indexFrom(from);
    while (!ended && range < ranges.count()) {
      Reference first = ranges.first(range);
      passedOver = 0;
      try {
        inventory.forEach(first.compareTo(from) < 0 ? from : first, this::visit);
        ended = true;
      } catch (Stop e) {
        if (!e.equals(stop)) {
          throw e;
        }
      }
    }
  }

  private void visit(Reference reference, BlockSize size) throws IOException {
    int prefix = Ranges.prefixOf(reference, ranges.depth());
    while (range < ranges.count() && ranges.prefix(range) < prefix) {
      range++;
    }
    if (range == ranges.count()) {
      throw stop;
    }
    if (ranges.prefix(range) == prefix) {
      passedOver = 0;
      ended = !visitor.visit(reference, size);
    } else {
      passedOver++;
    }
    if (ended || passedOver > MOST_PASSED_OVER) {
      throw stop;
    }
  }
}
