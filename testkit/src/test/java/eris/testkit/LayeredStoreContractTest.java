package eris.testkit;

import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.stores.LayeredStore;
import eris.stores.LayeredStore.Layer;
import eris.stores.Right;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/// A cache before two stores is a store as any other.
final class LayeredStoreContractTest implements BlockStoreContract {
  @Override
  public BlockStore open() {
    return new LayeredStore(
        List.of(
            new Layer("cache", new MemoryBlockStore(), Set.of(Right.GET, Right.CACHE)),
            new Layer("near", new MemoryBlockStore(), Set.of(Right.PUT)),
            new Layer("far", new MemoryBlockStore(), Set.of(Right.GET, Right.PUT))),
        LayeredStoreContractTest::fail);
  }

  private static void fail(IOException cacheFailure) {
    throw new UncheckedIOException(cacheFailure);
  }
}
