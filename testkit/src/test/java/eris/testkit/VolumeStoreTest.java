package eris.testkit;

import eris.store.BlockStore;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;

/// A volume in a file that grows.
final class VolumeStoreTest implements ScrubbableStoreContract, CollectableStoreContract {
  @TempDir private Path directory;
  private final Map<BlockStore, Path> places = new HashMap<>();

  @Override
  public BlockStore open() throws IOException {
    return openAt(directory.resolve("a/b/volume" + places.size()));
  }

  @Override
  public BlockStore reopen(BlockStore previous) throws IOException {
    previous.close();
    return openAt(Objects.requireNonNull(places.get(previous)));
  }

  private BlockStore openAt(Path place) throws IOException {
    BlockStore store = VolumeStore.open(VolumePath.of(place), Writer.named("test"));
    places.put(store, place);
    return store;
  }
}
