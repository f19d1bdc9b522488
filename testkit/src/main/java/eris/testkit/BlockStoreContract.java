package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What every [BlockStore] promises. A backend's test class implements [#open] and, when its blocks
/// outlive it, [#reopen], and inherits the tests.
public interface BlockStoreContract {
  /// A fresh, empty store that reads and writes; each call another one.
  BlockStore open() throws Exception;

  /// Closes `previous` and opens again what it held. Blocks in memory have only the one life.
  default BlockStore reopen(BlockStore previous) throws Exception {
    return previous;
  }

  /// How many blocks [#holdsManyBlocks] puts: fewer where each one is slow.
  default int manyBlocks() {
    return 10_000;
  }

  @Test
  default void putBlockIsReadBack() throws Exception {
    try (BlockStore store = open()) {
      for (BlockSize size : BlockSize.values()) {
        var block = SampleBlock.of(size, 1);
        put(store, block);
        assertHolds(store, block);
      }
    }
  }

  @Test
  default void absentBlockIsEmptyAndNotContained() throws Exception {
    try (BlockStore store = open()) {
      put(store, SampleBlock.of(BlockSize.KIB_1, 1));
      assertLacks(store, SampleBlock.of(BlockSize.KIB_1, 2));
      assertLacks(store, SampleBlock.of(BlockSize.KIB_32, 1));
    }
  }

  @Test
  default void targetMayBeLargerThanAnyBlock() throws Exception {
    try (BlockStore store = open()) {
      var block = SampleBlock.of(BlockSize.KIB_32, 1);
      put(store, block);
      byte[] target = new byte[3 * BlockSize.MAX_BYTES];
      MemorySegment read =
          store.get(block.reference(), MemorySegment.ofArray(target)).orElseThrow();
      assertThat(bytes(read)).isEqualTo(bytes(block.bytes()));
      assertThat(target).startsWith(bytes(block.bytes())).endsWith(new byte[BlockSize.MAX_BYTES]);
    }
  }

  @Test
  default void otherSizesAreRefused() throws Exception {
    try (BlockStore store = open()) {
      for (int size : new int[] {0, 1, 1023, 1025, 32767, 32769, 65536}) {
        MemorySegment block = MemorySegment.ofArray(new byte[size]);
        Reference reference = SampleBlock.of(BlockSize.KIB_1, size).reference();
        assertThatIllegalArgumentException()
            .as("a block of %d bytes", size)
            .isThrownBy(() -> store.put(reference, block));
        assertThat(store.contains(reference)).isFalse();
      }
    }
  }

  @Test
  default void putAgainChangesNothing() throws Exception {
    try (BlockStore store = open()) {
      var block = SampleBlock.of(BlockSize.KIB_1, 1);
      put(store, block);
      put(store, block);
      assertHolds(store, block);
      store.sync();
      put(store, block);
      assertHolds(store, block);
      try (BlockStore again = reopen(store)) {
        put(again, block);
        again.sync();
        assertHolds(again, block);
      }
    }
  }

  @Test
  default void batchIsPutAsItsBlocksAre() throws Exception {
    try (BlockStore store = open()) {
      for (BlockSize size : BlockSize.values()) {
        var blocks = new ArrayList<>(SampleBlock.list(size, 20));
        blocks.add(blocks.get(3)); // the same block twice in one batch
        put(store, blocks.get(5)); // and one that is already there
        store.putAll(SampleBlock.batch(size, blocks));
        for (SampleBlock block : blocks) {
          assertHolds(store, block);
        }
      }
    }
  }

  @Test
  default void batchIsReadAsItsBlocksAre() throws Exception {
    try (BlockStore store = open()) {
      for (BlockSize size : BlockSize.values()) {
        BlockSize otherSize = size == BlockSize.KIB_1 ? BlockSize.KIB_32 : BlockSize.KIB_1;
        List<SampleBlock> wanted = new ArrayList<>(SampleBlock.list(size, 12));
        wanted.add(SampleBlock.of(otherSize, 1));
        wanted.add(wanted.getFirst());
        var held = new BitSet();
        for (int i : new int[] {0, 1, 5, 11, 12, 13}) {
          put(store, wanted.get(i));
          held.set(i, i != 12); // of the other size, so not held as one of these
        }
        BlockBatch batch = SampleBlock.emptyBatch(size, wanted);
        assertThat(store.getAll(batch)).isEqualTo(held);
        held.stream()
            .forEach(
                i -> assertThat(bytes(batch.block(i))).isEqualTo(bytes(wanted.get(i).bytes())));
      }
    }
  }

  @Test
  default void emptyBatchIsNothing() throws Exception {
    try (BlockStore store = open()) {
      BlockBatch none = SampleBlock.emptyBatch(BlockSize.KIB_1, List.of());
      store.putAll(none);
      assertThat(store.getAll(none)).isEqualTo(new BitSet());
    }
  }

  @Test
  default void syncedBlocksAreThereAfterReopening() throws Exception {
    try (BlockStore store = open()) {
      List<SampleBlock> blocks = new ArrayList<>(SampleBlock.list(BlockSize.KIB_1, 50));
      blocks.addAll(SampleBlock.list(BlockSize.KIB_32, 10));
      for (SampleBlock block : blocks) {
        put(store, block);
      }
      store.sync();
      try (BlockStore again = reopen(store)) {
        for (SampleBlock block : blocks) {
          assertHolds(again, block);
        }
        assertLacks(again, SampleBlock.of(BlockSize.KIB_1, 50));
      }
    }
  }

  @Test
  default void syncWithNothingToDoIsFine() throws Exception {
    try (BlockStore store = open()) {
      store.sync();
      store.sync();
      assertLacks(store, SampleBlock.of(BlockSize.KIB_1, 1));
    }
  }

  @Test
  default void threadsPutGetAndSyncAtOnce() throws Exception {
    List<SampleBlock> blocks = SampleBlock.list(BlockSize.KIB_1, 120);
    try (BlockStore store = open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 8; i++) {
        int first = i * 12; // neighbours share blocks
        tasks.add(() -> putAndGet(store, blocks.subList(first, first + 36)));
      }
      int done = 0;
      for (Future<Integer> task : threads.invokeAll(tasks)) {
        done += task.get();
      }
      assertThat(done).isEqualTo(8 * 36);
      try (BlockStore again = reopen(store)) {
        for (SampleBlock block : blocks) {
          assertHolds(again, block);
        }
      }
    }
  }

  private static int putAndGet(BlockStore store, List<SampleBlock> blocks) throws IOException {
    int done = 0;
    for (SampleBlock block : blocks) {
      put(store, block);
      assertHolds(store, block);
      done++;
      if (done % 12 == 0) {
        store.sync();
      }
    }
    return done;
  }

  @Test
  default void memoryOfEveryKindServes() throws Exception {
    try (BlockStore store = open();
        var arena = Arena.ofConfined()) {
      int offset = 13; // aligned to nothing
      var heap = MemorySegment.ofArray(new byte[3 * BlockSize.MAX_BYTES]);
      var memory = arena.allocate(3 * BlockSize.MAX_BYTES);
      long number = 0;
      for (BlockSize size : BlockSize.values()) {
        for (MemorySegment segment : List.of(heap, memory)) {
          var block = SampleBlock.of(size, number++);
          MemorySegment source = segment.asSlice(offset, size.bytes()).copyFrom(block.bytes());
          store.put(block.reference(), source.asReadOnly());
          segment.fill((byte) 0x55);
          MemorySegment target = segment.asSlice(offset, BlockSize.MAX_BYTES);
          MemorySegment read = store.get(block.reference(), target).orElseThrow();
          assertThat(bytes(read)).isEqualTo(bytes(block.bytes()));
          assertThat(read.address()).isEqualTo(target.address());
          assertThat(bytes(segment.asSlice(0, offset))).containsOnly(0x55);
          assertThat(bytes(segment.asSlice(offset + BlockSize.MAX_BYTES))).containsOnly(0x55);
        }
      }
    }
  }

  @Test
  default void callersMemoryIsNotKept() throws Exception {
    try (BlockStore store = open()) {
      List<SampleBlock> blocks = SampleBlock.list(BlockSize.KIB_1, 3);
      MemorySegment memory = MemorySegment.ofArray(bytes(blocks.get(0).bytes()));
      store.put(blocks.get(0).reference(), memory);
      BlockBatch batch = SampleBlock.batch(BlockSize.KIB_1, blocks.subList(1, 3));
      store.putAll(batch);
      memory.fill((byte) 0);
      batch.blocks().fill((byte) 0);
      batch.references().fill((byte) 0);
      for (SampleBlock block : blocks) {
        assertHolds(store, block);
      }
      store.sync();
      for (SampleBlock block : blocks) {
        assertHolds(store, block);
      }
    }
  }

  @Test
  default void holdsManyBlocks() throws Exception {
    try (BlockStore store = open()) {
      List<SampleBlock> blocks = SampleBlock.list(BlockSize.KIB_1, manyBlocks());
      for (int from = 0; from < blocks.size(); from += 500) {
        List<SampleBlock> some = blocks.subList(from, Math.min(from + 500, blocks.size()));
        store.putAll(SampleBlock.batch(BlockSize.KIB_1, some));
      }
      store.sync();
      try (BlockStore again = reopen(store)) {
        for (SampleBlock block : blocks) {
          assertHolds(again, block);
        }
      }
    }
  }

  @Test
  default void closingTwiceIsFine() throws Exception {
    BlockStore store = open();
    put(store, SampleBlock.of(BlockSize.KIB_1, 1));
    store.close();
    assertThatCode(store::close).doesNotThrowAnyException();
  }

  @Test
  default void closedStoreFailsWithAnException() throws Exception {
    BlockStore store = open();
    var block = SampleBlock.of(BlockSize.KIB_1, 1);
    put(store, block);
    store.close();
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    BlockBatch batch = SampleBlock.batch(BlockSize.KIB_1, List.of(block));
    assertFails(() -> store.get(block.reference(), target));
    assertFails(() -> store.contains(block.reference()));
    assertFails(() -> store.put(block.reference(), block.bytes()));
    assertFails(() -> store.getAll(batch));
    assertFails(() -> store.putAll(batch));
    assertFails(store::sync);
  }

  private static void assertFails(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfAny(IOException.class, IllegalStateException.class);
  }

  private static void put(BlockStore store, SampleBlock block) throws IOException {
    store.put(block.reference(), block.bytes());
  }

  private static void assertHolds(BlockStore store, SampleBlock block) throws IOException {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    assertThat(store.get(block.reference(), target).map(BlockStoreContract::bytes))
        .hasValue(bytes(block.bytes()));
    assertThat(store.contains(block.reference())).isTrue();
  }

  private static void assertLacks(BlockStore store, SampleBlock block) throws IOException {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    assertThat(store.get(block.reference(), target)).isEmpty();
    assertThat(store.contains(block.reference())).isFalse();
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }
}
