package eris.store;

import eris.Reference;
import java.io.IOException;

/// A persistent set of blocks. A reference is bound to its bytes by BLAKE2b-256, so a store may lose
/// a block but can never change one: there is nothing to update, version or lock.
public interface BlockStore extends BlockSource, BlockSink, AutoCloseable {
  /// Whether the block is held, as far as the index tells.
  boolean contains(Reference reference) throws IOException;

  /// Returns once every block accepted before the call survives a power cut. After a failure the
  /// store takes no more blocks: what the disk has is unknown until it is opened anew.
  void sync() throws IOException;

  /// Releases the store. Blocks that no [#sync] covered may be lost.
  @Override
  void close() throws IOException;
}
