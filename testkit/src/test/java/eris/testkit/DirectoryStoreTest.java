package eris.testkit;

import eris.store.BlockStore;
import eris.stores.DirectoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;

/// A directory store on the real disk.
final class DirectoryStoreTest implements ScrubbableStoreContract {
  @TempDir private Path directory;
  private final Map<BlockStore, Path> places = new HashMap<>();

  @Override
  public BlockStore open() throws IOException {
    return openAt(directory.resolve("a/b/store" + places.size()));
  }

  @Override
  public BlockStore reopen(BlockStore previous) throws IOException {
    previous.close();
    return openAt(Objects.requireNonNull(places.get(previous)));
  }

  /// Each one is flushed: SimulatedDirectoryStoreTest holds more.
  @Override
  public int manyBlocks() {
    return 2_000;
  }

  private BlockStore openAt(Path place) throws IOException {
    BlockStore store = DirectoryStore.open(place);
    places.put(store, place);
    return store;
  }
}
