package eris.store;

import eris.Reference;
import java.io.IOException;

/// A store whose copies of blocks can go bad, and that lets them be found and taken out of use.
public interface ScrubbableStore extends BlockStore, BlockInventory {
  /// Visits every copy whose reference is not less than `from`, as [#forEach] does. Those that
  /// cannot be a block, because of their size, or were set aside are among them.
  void forEachCopy(Reference from, CopyVisitor visitor) throws IOException;

  /// Where the copy of a block is, for a person to read.
  String placeOf(Reference reference);

  /// Takes the copy of a block out of use if it does not hash to its reference, and returns when
  /// that is durable: the store does not hold the block until it is put again. [#forEachCopy] goes
  /// on to tell of it. A sound copy stays in use.
  void setAside(Reference reference) throws IOException;

  /// What copies are told to.
  @FunctionalInterface
  interface CopyVisitor {
    /// @param sizeBytes of the copy, whatever it is worth; 0 if it was set aside
    void visit(Reference reference, long sizeBytes) throws IOException;
  }
}
