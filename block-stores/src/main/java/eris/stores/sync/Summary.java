package eris.stores.sync;

import eris.Reference;
import eris.store.BlockInventory;
import java.io.IOException;

/// What an inventory holds, as one walk told: the count and digest of all, and digests of 65,536
/// ranges in 1 MiB, from which those of any ranges up to that depth are sums. Finer ones take another
/// walk of what they are about.
final class Summary {
  static final int DEPTH = 16;

  private final BlockInventory inventory;
  private final Salt salt;
  private final Digests table = new Digests(1 << DEPTH);
  private long count;

  private Summary(BlockInventory inventory, Salt salt) {
    this.inventory = inventory;
    this.salt = salt;
  }

  /// Walks the inventory.
  static Summary of(BlockInventory inventory, Salt salt) throws IOException {
    var summary = new Summary(inventory, salt);
    inventory.forEach(Reference.LEAST, (reference, _) -> summary.add(reference));
    return summary;
  }

  private void add(Reference reference) {
    table.add(Ranges.prefixOf(reference, DEPTH), salt.digest(reference));
    count++;
  }

  long count() {
    return count;
  }

  SetDigest digest() {
    return sum(0, table.count());
  }

  /// The digests of the ranges that each of `ranges` falls into by the next `bits`, in ascending
  /// order.
  Digests children(Ranges ranges, int bits) throws IOException {
    int depth = ranges.depth() + bits;
    var children = new Digests(ranges.count() << bits);
    if (depth <= DEPTH) {
      for (int i = 0; i < children.count(); i++) {
        int prefix = ranges.childPrefix(i >> bits, bits, i & (1 << bits) - 1);
        int width = 1 << DEPTH - depth;
        children.add(i, sum(prefix * width, width));
      }
    } else {
      int mask = (1 << bits) - 1;
      RangeWalk.run(
          inventory,
          ranges,
          Reference.LEAST,
          (reference, _) -> {
            int child = Ranges.prefixOf(reference, depth) & mask;
            children.add(ranges.indexOf(reference) << bits | child, salt.digest(reference));
            return true;
          });
    }
    return children;
  }

  private SetDigest sum(int from, int width) {
    SetDigest sum = SetDigest.EMPTY;
    for (int i = from; i < from + width; i++) {
      sum = sum.plus(table.get(i));
    }
    return sum;
  }
}
