package eris.stores.sync;

import eris.store.BlockInventory;
import eris.store.BlockStore;
import java.util.Objects;

/// A store that takes part in a session, and who is told about it.
///
/// @param inventory what `store` holds: the same store
public record SyncedStore(BlockStore store, BlockInventory inventory, SyncListener listener) {
  public SyncedStore {
    Objects.requireNonNull(store);
    Objects.requireNonNull(inventory);
    Objects.requireNonNull(listener);
  }
}
