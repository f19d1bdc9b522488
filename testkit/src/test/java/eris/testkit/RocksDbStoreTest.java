package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.ErisException;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.store.StoreException;
import eris.stores.RocksDbStore;
import eris.stores.Writer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RocksDbStoreTest {
  private static final Writer HASTY = Writer.named("eris-test").withPatience(Duration.ZERO);
  private final MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);

  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource(BlockSize.class)
  void blocksSurviveReopening(BlockSize size) throws IOException {
    BlockBatch batch = SeededBlocks.batch(size, 1, 100);
    try (BlockStore store = RocksDbStore.open(home())) {
      store.putAll(batch);
      store.sync();
    }
    try (BlockStore store = RocksDbStore.open(home())) {
      requireAll(store, batch);
    }
  }

  @Test
  void absentBlockIsEmptyAndNotContained() throws IOException {
    Reference absent = SeededBlocks.batch(BlockSize.KIB_1, 1, 1).reference(0);
    try (BlockStore store = RocksDbStore.open(home())) {
      assertThat(store.get(absent, target)).isEmpty();
      assertThat(store.contains(absent)).isFalse();
    }
  }

  @Test
  void presentBlockIsNotWrittenAgain() throws IOException {
    BlockBatch batch = SeededBlocks.batch(BlockSize.KIB_32, 1, 32);
    try (BlockStore store = RocksDbStore.open(home())) {
      store.putAll(batch);
      long once = logBytes();
      for (int i = 0; i < 10; i++) {
        store.putAll(batch);
        store.put(batch.reference(i), batch.block(i));
      }
      assertThat(logBytes()).isEqualTo(once);
    }
  }

  @Test
  void differingCopyIsReplaced() throws IOException {
    BlockBatch batch = SeededBlocks.batch(BlockSize.KIB_1, 1, 2);
    try (BlockStore store = RocksDbStore.open(home())) {
      store.put(batch.reference(0), batch.block(1));
      store.put(batch.reference(0), batch.block(0));
      assertThat(block(store, batch.reference(0)).mismatch(batch.block(0))).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource(BlockSize.class)
  void damagedBlockIsReportedNotContainedAndHealedByPut(BlockSize size) throws IOException {
    BlockBatch batch = flushedBatch(size);
    for (Path blobs : files(".blob")) {
      flipByte(blobs, Files.size(blobs) / 2);
    }
    try (BlockStore store = RocksDbStore.open(home())) {
      List<Integer> damaged = damaged(store, batch);
      assertThat(damaged).hasSize(1);
      Reference reference = batch.reference(damaged.getFirst());
      assertThat(store.contains(reference)).isFalse();
      store.put(reference, batch.block(damaged.getFirst()));
      requireAll(store, batch);
    }
  }

  @Test
  void damagedLogCostsOneBatch() throws IOException {
    List<BlockBatch> batches = new ArrayList<>();
    try (BlockStore store = RocksDbStore.open(home())) {
      for (int i = 0; i < 10; i++) {
        batches.add(SeededBlocks.batch(BlockSize.KIB_32, i * 100L, 4));
        store.putAll(batches.get(i));
      }
    }
    Path log = files(".log").getLast();
    flipByte(log, Files.size(log) / 2);
    try (BlockStore store = RocksDbStore.open(home())) {
      int whole = 0;
      for (BlockBatch batch : batches) {
        whole += store.getAll(batch).cardinality();
      }
      assertThat(whole).isEqualTo(36);
    }
  }

  @Test
  void readerDoesNotWaitForWriter() throws IOException {
    BlockBatch batch = SeededBlocks.batch(BlockSize.KIB_1, 1, 100);
    try (BlockStore writer = RocksDbStore.open(home())) {
      writer.putAll(batch);
      try (BlockStore reader = RocksDbStore.openReadOnly(home())) {
        requireAll(reader, batch);
        assertThatThrownBy(() -> reader.put(batch.reference(0), batch.block(0)))
            .isInstanceOf(StoreException.ReadOnly.class);
      }
    }
  }

  @Test
  void readersOpenWhileWriterFlushesAndCompacts() throws IOException {
    BlockBatch first = SeededBlocks.batch(BlockSize.KIB_1, 1, 100);
    try (BlockStore writer = RocksDbStore.open(home())) {
      writer.putAll(first);
      Thread writing = Thread.ofPlatform().start(() -> putMany(writer));
      while (writing.isAlive()) {
        try (BlockStore reader = RocksDbStore.openReadOnly(home())) {
          requireAll(reader, first);
        }
      }
    }
  }

  @Test
  void secondWriterHearsWhoHoldsTheStore() throws IOException {
    List<String> told = new ArrayList<>();
    String holder = "eris (process " + ProcessHandle.current().pid() + ")";
    try (BlockStore _ = RocksDbStore.open(home())) {
      assertThatThrownBy(() -> RocksDbStore.open(home(), HASTY.telling(told::add)))
          .isInstanceOf(StoreException.Busy.class)
          .hasMessageEndingWith("is being written by " + holder);
      assertThat(told).containsExactly(holder);
    }
    RocksDbStore.open(home(), HASTY).close();
  }

  @Test
  void foreignDirectoryIsLeftAlone() throws IOException {
    Path foreign = Files.createDirectory(home());
    Files.writeString(foreign.resolve("letter"), "dear");
    assertThatThrownBy(() -> RocksDbStore.open(foreign)).hasMessageContaining("is not a store");
    assertThatThrownBy(() -> RocksDbStore.openReadOnly(foreign))
        .hasMessageContaining("is not a store");
    assertThat(foreign).isDirectoryContaining("glob:**letter").satisfies(this::holdsOneFile);
  }

  @Test
  void newerFormatIsRefusedWithoutAWrite() throws IOException {
    Path newer = Files.createDirectory(home());
    Files.writeString(newer.resolve("FORMAT"), "eris rocksdb 2\n");
    assertThatThrownBy(() -> RocksDbStore.open(newer))
        .hasMessageContaining("has the format 'eris rocksdb 2', want 'eris rocksdb 1'");
    assertThatThrownBy(() -> RocksDbStore.openReadOnly(newer))
        .hasMessageContaining("eris rocksdb 2");
    assertThat(newer).satisfies(this::holdsOneFile);
  }

  @Test
  void fileIsNotAStore() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "text");
    assertThatThrownBy(() -> RocksDbStore.open(file)).hasMessageContaining("is a file");
    assertThatThrownBy(() -> RocksDbStore.openReadOnly(file)).hasMessageContaining("is a file");
  }

  @Test
  void firstUseCreatesParentsButReadingDoesNot() throws IOException {
    Path deep = temporary.resolve("a/b/c");
    assertThatThrownBy(() -> RocksDbStore.openReadOnly(deep)).hasMessage("no store at " + deep);
    assertThat(temporary).isEmptyDirectory();
    RocksDbStore.open(deep).close();
    RocksDbStore.openReadOnly(deep).close();
  }

  @Test
  void closedStoreSaysSo() throws IOException {
    BlockBatch batch = SeededBlocks.batch(BlockSize.KIB_1, 1, 1);
    BlockStore store = RocksDbStore.open(home());
    store.close();
    store.close();
    assertThatThrownBy(() -> store.get(batch.reference(0), target)).hasMessageContaining("closed");
    assertThatThrownBy(() -> store.putAll(batch)).hasMessageContaining("closed");
    assertThatThrownBy(store::sync).hasMessageContaining("closed");
  }

  private Path home() {
    return temporary.resolve("store");
  }

  private MemorySegment block(BlockStore store, Reference reference) throws IOException {
    return store.get(reference, target).orElseThrow();
  }

  private void requireAll(BlockStore store, BlockBatch batch) throws IOException {
    for (int i = 0; i < batch.count(); i++) {
      MemorySegment block = block(store, batch.reference(i));
      assertThat(block.mismatch(batch.block(i))).as("block %d", i).isEqualTo(-1);
    }
  }

  /// Enough blocks that closing the store moves them out of the log.
  private BlockBatch flushedBatch(BlockSize size) throws IOException {
    BlockBatch batch = SeededBlocks.batch(size, 1, (8 << 20) / size.bytes());
    try (BlockStore store = RocksDbStore.open(home())) {
      store.putAll(batch);
    }
    assertThat(files(".blob")).isNotEmpty();
    return batch;
  }

  private List<Integer> damaged(BlockStore store, BlockBatch batch) throws IOException {
    List<Integer> damaged = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      try {
        Optional<MemorySegment> block = store.get(batch.reference(i), target);
        assertThat(block.orElseThrow().mismatch(batch.block(i))).isEqualTo(-1);
      } catch (ErisException.CorruptBlock e) {
        assertThat(e.reference()).isEqualTo(batch.reference(i));
        damaged.add(i);
      }
    }
    return damaged;
  }

  private static void putMany(BlockStore store) {
    for (int i = 0; i < 150; i++) {
      try {
        store.putAll(SeededBlocks.batch(BlockSize.KIB_32, 1_000_000L + i * 32L, 32));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(home())) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private long logBytes() throws IOException {
    long bytes = 0;
    for (Path log : files(".log")) {
      bytes += Files.size(log);
    }
    return bytes;
  }

  private void holdsOneFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  private static void flipByte(Path path, long offset) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(offset);
      int value = file.read();
      file.seek(offset);
      file.write(value ^ 0xff);
    }
  }
}
