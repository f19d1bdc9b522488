package eris.testkit;

import eris.store.BlockStore;
import eris.store.Retention;
import eris.stores.VolumeStore;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// A volume of fixed size on a simulated disk, with a journal that is full again and again.
final class SimulatedVolumeStoreTest implements ScrubbableStoreContract, CollectableStoreContract {
  private final Map<BlockStore, SimulatedDevice> disks = new HashMap<>();

  @Override
  public BlockStore open() throws IOException {
    var disk = new SimulatedDevice(512, 24 << 20);
    VolumeStore.create(disk, disk.size(), Retention.FOREVER, Clock.systemUTC(), new Random(1));
    return openOn(disk);
  }

  @Override
  public BlockStore reopen(BlockStore previous) throws IOException {
    previous.close();
    return openOn(Objects.requireNonNull(disks.get(previous)));
  }

  private BlockStore openOn(SimulatedDevice disk) throws IOException {
    BlockStore store = VolumeStore.open(disk, "simulated", new Random(2));
    disks.put(store, disk);
    return store;
  }
}
