package eris.testkit;

import eris.store.BlockStore;
import eris.stores.RocksDbStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;

/// A RocksDB is a store as any other.
final class RocksDbStoreContractTest implements ScrubbableStoreContract {
  @TempDir private Path directory;
  private final Map<BlockStore, Path> places = new HashMap<>();

  @Override
  public BlockStore open() throws IOException {
    return openAt(directory.resolve("store" + places.size()));
  }

  @Override
  public BlockStore reopen(BlockStore previous) throws IOException {
    previous.close();
    return openAt(Objects.requireNonNull(places.get(previous)));
  }

  private BlockStore openAt(Path place) throws IOException {
    BlockStore store = RocksDbStore.open(place);
    places.put(store, place);
    return store;
  }
}
