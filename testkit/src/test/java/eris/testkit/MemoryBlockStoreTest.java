package eris.testkit;

import eris.store.BlockStore;
import eris.store.MemoryBlockStore;

final class MemoryBlockStoreTest implements BlockInventoryContract {
  @Override
  public BlockStore open() {
    return new MemoryBlockStore();
  }
}
