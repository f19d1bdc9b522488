package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.store.StoreException;
import eris.stores.RocksDbStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A store on a disk that fills up, is freed, and fills up again. Arguments: a directory on a small
/// file system of its own, and how often. Prints one line for each time.
final class DiskFullScenario {
  private static final int BATCH_COUNT = 16;

  private final Path store;
  private final Path others;
  private final List<Long> accepted =
      new ArrayList<>(); // seeds: the blocks themselves are too many
  private long seed;

  private DiskFullScenario(Path disk) {
    store = disk.resolve("store");
    others = disk.resolve("other");
  }

  public static void main(String[] arguments) throws IOException {
    var scenario = new DiskFullScenario(Path.of(arguments[0]));
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      scenario.run(i);
      scenario.clear();
    }
  }

  private void run(int round) throws IOException {
    try (BlockStore open = RocksDbStore.open(store)) {
      putSome(open);
      fill();
      putUntilFull(open);
      open.sync();
      assertRefused(open);
      requireAccepted(open);
      if (round % 2 == 0) {
        resume(open);
      }
    }
    reopenFull();
    System.out.println("full after " + accepted.size() + " batches");
  }

  private void clear() throws IOException {
    accepted.clear();
    try (Stream<Path> files = Files.list(store)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  /// The very same store takes blocks again as soon as there is space.
  private void resume(BlockStore open) throws IOException {
    Files.delete(others);
    putSome(open);
    open.sync();
    requireAccepted(open);
    fill();
    putUntilFull(open);
  }

  /// A store opens on a full disk, for reading and even for writing, and takes blocks afterwards.
  private void reopenFull() throws IOException {
    try (BlockStore reader = RocksDbStore.openReadOnly(store)) {
      requireAccepted(reader);
    }
    try (BlockStore open = RocksDbStore.open(store)) {
      requireAccepted(open);
      putUntilFull(open);
      requireAccepted(open);
      Files.delete(others);
      putSome(open);
      requireAccepted(open);
    }
  }

  private void putSome(BlockStore open) throws IOException {
    for (int i = 0; i < 4; i++) {
      put(open);
    }
  }

  private void put(BlockStore open) throws IOException {
    long next = seed++;
    open.putAll(batch(next));
    accepted.add(next);
  }

  private static BlockBatch batch(long seed) {
    BlockSize size = seed % 3 == 0 ? BlockSize.KIB_1 : BlockSize.KIB_32;
    return SeededBlocks.batch(size, seed * BATCH_COUNT, BATCH_COUNT);
  }

  private void putUntilFull(BlockStore open) {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                put(open);
              }
            })
        .isInstanceOf(StoreException.Full.class);
  }

  private void assertRefused(BlockStore open) {
    BlockBatch fresh = SeededBlocks.batch(BlockSize.KIB_32, -1, 1);
    assertThatThrownBy(() -> open.putAll(fresh)).isInstanceOf(StoreException.Full.class);
  }

  private void requireAccepted(BlockStore open) throws IOException {
    for (long one : accepted) {
      BlockBatch batch = batch(one);
      MemorySegment found = MemorySegment.ofArray(new byte[(int) batch.blocks().byteSize()]);
      var copy = new BlockBatch(batch.blockSize(), found, batch.references());
      assertThat(open.getAll(copy).cardinality()).isEqualTo(BATCH_COUNT);
      assertThat(found.mismatch(batch.blocks())).isEqualTo(-1);
    }
  }

  /// Takes all space but a few MiB, as another program would.
  private void fill() throws IOException {
    long leave = 3 << 20;
    try (var out = Files.newOutputStream(others, StandardOpenOption.CREATE)) {
      byte[] mebibyte = new byte[1 << 20];
      while (Files.getFileStore(store).getUsableSpace() > leave) {
        out.write(mebibyte);
      }
    }
  }
}
