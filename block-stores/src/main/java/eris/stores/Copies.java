package eris.stores;

import eris.BlockSize;
import eris.store.BlockInventory;
import eris.store.ScrubbableStore.CopyVisitor;
import java.util.Optional;

/// What a store keeps, and what of it counts as held.
final class Copies {
  private Copies() {}

  /// Passes on those copies that have the size of a block.
  static CopyVisitor held(BlockInventory.Visitor visitor) {
    return (reference, sizeBytes) -> {
      Optional<BlockSize> size = BlockSize.ofBytes(sizeBytes);
      if (size.isPresent()) {
        visitor.visit(reference, size.get());
      }
    };
  }
}
