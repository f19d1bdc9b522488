package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.store.BlockBatch;
import eris.store.StoreException;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.Writer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Growing volumes, one after another, on a disk that fills up and is freed, again and again.
/// Arguments: a directory on a small file system of its own, and how often. Prints one line for
/// each time.
final class VolumeDiskFullScenario {
  private static final int BATCH_COUNT = 16;

  private final VolumePath volume;
  private final Path others;
  private final List<Long> accepted = new ArrayList<>(); // seeds
  private long seed;

  private VolumeDiskFullScenario(Path disk) {
    volume = VolumePath.of(disk.resolve("volume"));
    others = disk.resolve("other");
  }

  public static void main(String[] arguments) throws IOException {
    var scenario = new VolumeDiskFullScenario(Path.of(arguments[0]));
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      scenario.run();
    }
  }

  private void run() throws IOException {
    try (VolumeStore store = open()) {
      put(store);
      Files.write(others, new byte[1 << 20]);
      putUntilFull(store);
      store.sync();
      requireAccepted(store);
      removeHalf(store); // at 0 bytes free
      Files.delete(others); // space is back, and so is writing
      put(store);
      store.sync();
      putUntilFull(store);
      requireAccepted(store);
    }
    fillUp();
    try (VolumeStore reader = VolumeStore.openReadOnly(volume)) {
      accepted.removeIf(each -> !isHeld(reader, each)); // what no sync covered
    }
    try (VolumeStore store = open()) {
      removeHalf(store);
      put(store); // in the place of what was removed
      store.sync();
      requireAccepted(store);
    }
    Files.delete(others);
    System.out.println("full after " + accepted.size() + " batches");
    accepted.clear();
    Files.delete(volume.path());
  }

  private VolumeStore open() throws IOException {
    VolumeStore store = VolumeStore.open(volume, Writer.named("test"));
    store.setRetention(VolumeWitness.LEASED);
    return store;
  }

  private void put(VolumeStore store) throws IOException {
    long next = seed++;
    store.putAll(batch(next));
    accepted.add(next);
  }

  private static BlockBatch batch(long seed) {
    BlockSize size = seed % 3 == 0 ? BlockSize.KIB_1 : BlockSize.KIB_32;
    return SeededBlocks.batch(size, seed * BATCH_COUNT, BATCH_COUNT);
  }

  private void putUntilFull(VolumeStore store) throws IOException {
    for (int i = 0; i < 10_000; i++) {
      try {
        put(store);
      } catch (StoreException.Full _) {
        return;
      }
    }
    throw new AssertionError("it never fills up");
  }

  private void removeHalf(VolumeStore store) throws IOException {
    for (int i = accepted.size() - 1; i >= 0; i -= 2) {
      BlockBatch batch = batch(accepted.remove(i));
      for (int k = 0; k < batch.count(); k++) {
        assertThat(VolumeWitness.remove(store, batch.reference(k))).isTrue();
      }
    }
    store.sync();
  }

  private static boolean isHeld(VolumeStore store, long one) {
    try {
      BlockBatch batch = batch(one);
      MemorySegment found = MemorySegment.ofArray(new byte[(int) batch.blocks().byteSize()]);
      var copy = new BlockBatch(batch.blockSize(), found, batch.references());
      return store.getAll(copy).cardinality() == BATCH_COUNT
          && found.mismatch(batch.blocks()) == -1;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void requireAccepted(VolumeStore store) {
    for (long one : accepted) {
      assertThat(isHeld(store, one)).as("batch %d", one).isTrue();
    }
  }

  /// Takes what space is left.
  private void fillUp() throws IOException {
    byte[] some = new byte[4096];
    try (var file = Files.newOutputStream(others, StandardOpenOption.CREATE)) {
      while (true) {
        file.write(some);
      }
    } catch (IOException e) {
      assertThat(e).hasMessage("No space left on device");
    }
  }
}
