package eris.cli;

import eris.store.BlockStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Stores that are closed together.
final class OpenStores implements AutoCloseable {
  private final List<BlockStore> stores = new ArrayList<>();

  BlockStore add(BlockStore store) {
    stores.add(store);
    return store;
  }

  /// Closes all, also after one that fails.
  @Override
  public void close() throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (BlockStore store : stores) {
      try {
        store.close();
      } catch (IOException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }
}
