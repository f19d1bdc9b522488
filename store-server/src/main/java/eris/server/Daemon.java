package eris.server;

import eris.server.blocks.BlockService;
import eris.store.BlockStore;

/// Serves a store, by one door for each protocol, until it is closed.
public final class Daemon implements AutoCloseable {
  private final BlockService blocks;

  /// @param store that stays the caller's to close, after this
  public Daemon(BlockStore store) {
    blocks = new BlockService(store, BlockService.Limits.DEFAULT);
  }

  @Override
  public void close() {
    blocks.close();
  }
}
