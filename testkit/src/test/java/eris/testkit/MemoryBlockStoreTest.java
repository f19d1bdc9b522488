package eris.testkit;

import eris.store.BlockStore;
import eris.store.MemoryBlockStore;

final class MemoryBlockStoreTest implements BlockStoreContract {
  @Override
  public BlockStore open() {
    return new MemoryBlockStore();
  }
}
