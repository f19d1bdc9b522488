package eris.store;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;

/// A store whose blocks can be removed again, once nobody wants them.
///
/// Removing takes two steps: a block in the trash is still read, but no longer held ([#contains] is
/// false, [#forEach] passes it over), so who wants it puts it, which restores it; only what is in
/// the trash can be freed. What came first is told by the store's own sequence, never by a clock.
public interface CollectableStore extends BlockStore, BlockInventory {
  /// What may be removed, and how much may be kept.
  Retention retention();

  /// Changes the retention, and returns when that is durable.
  void setRetention(Retention retention) throws IOException;

  /// A number that never falls. It rises with each [#sync] after a change, at the latest.
  long sequence();

  /// Visits every block whose reference is not less than `from`, and the trash too, as [#forEach]
  /// does. Blocks that hold [#metadata] are not among them.
  void forEachDated(Reference from, DatedVisitor visitor) throws IOException;

  /// Moves a block to the trash if it is held and its last put has a sequence less than `before`.
  ///
  /// @return whether it did
  /// @throws StoreException.ReadOnly if the store keeps everything, [Retention.Mode#ARCHIVE]
  boolean moveToTrash(Reference reference, long before) throws IOException;

  /// Takes a block out of the trash, as if it had been put.
  ///
  /// @return whether the block is held now
  boolean restore(Reference reference) throws IOException;

  /// Removes a block if it has been in the trash since a sequence less than `before`.
  ///
  /// @return whether it did
  /// @throws StoreException.ReadOnly if the store keeps everything, [Retention.Mode#ARCHIVE]
  boolean free(Reference reference, long before) throws IOException;

  /// What was last given to [#setMetadata]; empty if nothing ever was.
  byte[] metadata() throws IOException;

  /// Replaces the document that the store keeps beside its blocks, all or nothing, and returns when
  /// that is durable.
  void setMetadata(byte[] metadata) throws IOException;

  /// What blocks and trash are told to.
  @FunctionalInterface
  interface DatedVisitor {
    /// @param sequence of the last put or, of a block in the trash, of the move there
    void visit(Reference reference, BlockSize size, long sequence, boolean inTrash)
        throws IOException;
  }
}
