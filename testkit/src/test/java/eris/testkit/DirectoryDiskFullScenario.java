package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.store.StoreException;
import eris.stores.DirectoryStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// A directory store on a disk that fills up and is freed, again and again. Arguments: a directory on
/// a small file system of its own, and how often. Prints one line for each time.
final class DirectoryDiskFullScenario {
  private static final int BATCH_COUNT = 16;

  private final Path directory;
  private final Path others;
  private final List<BlockBatch> accepted = new ArrayList<>();
  private long seed;

  private DirectoryDiskFullScenario(Path disk) {
    directory = disk.resolve("store");
    others = disk.resolve("other");
  }

  public static void main(String[] arguments) throws IOException {
    var scenario = new DirectoryDiskFullScenario(Path.of(arguments[0]));
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      scenario.run();
    }
  }

  private void run() throws IOException {
    try (BlockStore store = DirectoryStore.open(directory)) {
      put(store);
      fillUp();
      assertFull(store);
      requireAccepted(store);
      Files.delete(others); // space is back, and so is writing
      put(store);
      store.sync();
      requireAccepted(store);
    }
    fillUp();
    try (BlockStore reader = DirectoryStore.openReadOnly(directory)) {
      requireAccepted(reader);
    }
    Files.delete(others);
    System.out.println("full after " + accepted.size() + " batches");
  }

  private void put(BlockStore store) throws IOException {
    BlockSize size = seed % 2 == 0 ? BlockSize.KIB_1 : BlockSize.KIB_32;
    BlockBatch batch = SeededBlocks.batch(size, seed * BATCH_COUNT, BATCH_COUNT);
    seed++;
    store.putAll(batch);
    accepted.add(batch);
  }

  private void assertFull(BlockStore store) {
    var fresh = SeededBlocks.batch(BlockSize.KIB_32, -1, 1);
    assertThatExceptionOfType(StoreException.Full.class).isThrownBy(() -> store.putAll(fresh));
  }

  private void requireAccepted(BlockStore store) throws IOException {
    for (BlockBatch batch : accepted) {
      var room = MemorySegment.ofArray(new byte[(int) batch.blocks().byteSize()]);
      var read = new BlockBatch(batch.blockSize(), room, batch.references());
      assertThat(store.getAll(read).cardinality()).isEqualTo(BATCH_COUNT);
      assertThat(read.blocks().mismatch(batch.blocks())).isEqualTo(-1);
    }
  }

  private void fillUp() throws IOException {
    byte[] some = new byte[4096];
    try (var file = Files.newOutputStream(others, StandardOpenOption.CREATE_NEW)) {
      while (true) {
        file.write(some);
      }
    } catch (IOException e) {
      assertThat(e).hasMessage("No space left on device");
    }
  }
}
