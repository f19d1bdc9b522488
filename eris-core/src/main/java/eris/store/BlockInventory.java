package eris.store;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;

/// A store that can tell all it holds.
///
/// Ascending order lets two inventories be merged in constant memory, and work that was interrupted
/// go on behind the last reference it had finished.
public interface BlockInventory {
  /// Visits every block held whose reference is not less than `from`, once, in ascending order of
  /// references. Of blocks that come or go meanwhile, some are visited and some are not.
  ///
  /// @throws IOException if the store fails or `visitor` throws
  void forEach(Reference from, Visitor visitor) throws IOException;

  /// What an inventory is told to.
  @FunctionalInterface
  interface Visitor {
    void visit(Reference reference, BlockSize size) throws IOException;
  }
}
