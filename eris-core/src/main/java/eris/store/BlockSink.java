package eris.store;

import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Something that accepts blocks. Safe for concurrent use; may block the calling thread.
///
/// The caller vouches that `reference` is the block's hash: references that come from outside are
/// computed anew first.
@FunctionalInterface
public interface BlockSink {
  /// Adds a block of 1 or 32 KiB. One that is already there stays, but a damaged copy is replaced.
  /// `block` is not kept after the call.
  ///
  /// @throws StoreException if the store is full, read-only or held by another writer
  void put(Reference reference, MemorySegment block) throws IOException;

  /// Adds all blocks of `batch`. Stores that take many at once faster than one by one override this.
  default void putAll(BlockBatch batch) throws IOException {
    for (int i = 0; i < batch.count(); i++) {
      put(batch.reference(i), batch.block(i));
    }
  }
}
