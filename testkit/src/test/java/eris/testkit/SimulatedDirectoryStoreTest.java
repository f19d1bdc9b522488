package eris.testkit;

import eris.store.BlockStore;
import eris.stores.DirectoryStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// The same store on simulated files.
final class SimulatedDirectoryStoreTest implements ScrubbableStoreContract {
  private final Map<BlockStore, SimulatedFiles> disks = new HashMap<>();

  @Override
  public BlockStore open() throws IOException {
    return openOn(new SimulatedFiles());
  }

  @Override
  public BlockStore reopen(BlockStore previous) throws IOException {
    previous.close();
    return openOn(Objects.requireNonNull(disks.get(previous)));
  }

  private BlockStore openOn(SimulatedFiles disk) throws IOException {
    BlockStore store = DirectoryStore.open(disk, "simulated");
    disks.put(store, disk);
    return store;
  }
}
