package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.store.StoreException;
import eris.stores.LayeredStore;
import eris.stores.LayeredStore.Layer;
import eris.stores.Right;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class LayeredStoreTest {
  private static final SampleBlock BLOCK = SampleBlock.of(BlockSize.KIB_1, 1);
  private static final SampleBlock OTHER = SampleBlock.of(BlockSize.KIB_1, 2);

  private final MemoryBlockStore nearBlocks = new MemoryBlockStore();
  private final MemoryBlockStore farBlocks = new MemoryBlockStore();
  private final FaultyStore near = new FaultyStore(nearBlocks);
  private final FaultyStore far = new FaultyStore(farBlocks);
  private final List<IOException> cacheFailures = new ArrayList<>();

  @Test
  void firstLayerThatHasTheBlockIsTheLastOneAsked() throws IOException {
    put(nearBlocks, BLOCK);
    put(farBlocks, BLOCK);
    assertGives(layered(Right.GET), BLOCK);
    assertThat(near.reads()).isEqualTo(1);
    assertThat(far.reads()).isZero();
  }

  @Test
  void blockOfNoLayerIsNotHeld() throws IOException {
    LayeredStore store = layered(Right.GET);
    assertThat(get(store, BLOCK)).isFalse();
    assertThat(store.contains(BLOCK.reference())).isFalse();
  }

  @Test
  void layerWithoutTheGetRightIsNotAsked() throws IOException {
    put(nearBlocks, BLOCK);
    put(nearBlocks, OTHER);
    put(farBlocks, OTHER);
    near.breakDown(); // would fail if it was asked
    LayeredStore store = layered(Right.PUT);
    assertThat(get(store, BLOCK)).isFalse();
    assertThat(store.contains(BLOCK.reference())).isFalse();
    assertThat(store.getAll(batch(BLOCK, OTHER)).stream()).containsExactly(1);
  }

  @Test
  void corruptCopyIsPassedOver() throws IOException {
    put(nearBlocks, BLOCK);
    put(farBlocks, BLOCK);
    near.damage(BLOCK.reference(), LayeredStoreTest::firstByteFlipped);
    assertGives(layered(Right.GET), BLOCK);
    near.damage(BLOCK.reference(), _ -> new byte[1023]);
    assertGives(layered(Right.GET), BLOCK);
  }

  @Test
  void failingLayerIsPassedOver() throws IOException {
    put(farBlocks, BLOCK);
    near.breakDown();
    LayeredStore store = layered(Right.GET);
    assertGives(store, BLOCK);
    assertThat(store.contains(BLOCK.reference())).isTrue();
  }

  @Test
  void onlyCorruptCopiesAreACorruptBlock() throws IOException {
    put(nearBlocks, BLOCK);
    near.damage(BLOCK.reference(), LayeredStoreTest::firstByteFlipped);
    assertThatExceptionOfType(CorruptBlock.class)
        .isThrownBy(() -> get(layered(Right.GET), BLOCK))
        .satisfies(e -> assertThat(e.detail()).isEqualTo("does not hash to its reference"));
    far.breakDown();
    assertThatExceptionOfType(CorruptBlock.class)
        .isThrownBy(() -> get(layered(Right.GET), BLOCK))
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void answerOfAFailingLayerIsUnknown() throws IOException {
    near.breakDown();
    LayeredStore store = layered(Right.GET);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> get(store, BLOCK))
        .withMessage("the store broke down");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> store.contains(BLOCK.reference()))
        .withMessage("the store broke down");
  }

  @Test
  void cacheKeepsWhatALaterLayerGave() throws IOException {
    put(farBlocks, BLOCK);
    LayeredStore store = layered(Right.GET, Right.CACHE);
    assertGives(store, BLOCK);
    assertGives(store, BLOCK);
    assertThat(far.reads()).isEqualTo(1);
    assertThat(nearBlocks.contains(BLOCK.reference())).isTrue();
  }

  @Test
  void layerThatIsNoCacheKeepsNothing() throws IOException {
    put(farBlocks, BLOCK);
    assertGives(layered(Right.GET, Right.PUT), BLOCK);
    assertThat(nearBlocks.count()).isZero();
  }

  @Test
  void cacheAfterTheLayerThatGaveKeepsNothing() throws IOException {
    put(farBlocks, BLOCK);
    var first = new Layer("far", far, Set.of(Right.GET));
    var second = new Layer("near", near, Set.of(Right.GET, Right.CACHE));
    assertGives(new LayeredStore(List.of(first, second), cacheFailures::add), BLOCK);
    assertThat(nearBlocks.count()).isZero();
  }

  @Test
  void badCopyInACacheIsHealed() throws IOException {
    nearBlocks.put(BLOCK.reference(), OTHER.bytes());
    nearBlocks.put(OTHER.reference(), BLOCK.bytes());
    put(farBlocks, BLOCK);
    put(farBlocks, OTHER);
    LayeredStore store = layered(Right.GET, Right.CACHE);
    assertGives(store, BLOCK);
    assertGives(nearBlocks, BLOCK);
    assertThat(store.getAll(batch(BLOCK, OTHER)).cardinality()).isEqualTo(2);
    assertGives(nearBlocks, OTHER);
  }

  @Test
  void cacheThatFailsIsReportedOnceAndFailsNoRead() throws IOException {
    put(farBlocks, BLOCK);
    near.breakDown();
    LayeredStore store = layered(Right.GET, Right.CACHE);
    assertGives(store, BLOCK);
    assertGives(store, BLOCK);
    assertThat(store.getAll(batch(BLOCK)).cardinality()).isEqualTo(1);
    store.sync();
    assertThat(cacheFailures)
        .singleElement()
        .satisfies(
            e ->
                assertThat(e)
                    .hasMessage("cache near failed")
                    .cause()
                    .hasMessageContaining("broke"));
  }

  @Test
  void batchIsGatheredFromAllLayers() throws IOException {
    List<SampleBlock> blocks = SampleBlock.list(BlockSize.KIB_32, 10);
    for (int i = 0; i < 9; i++) {
      put(i % 2 == 0 ? nearBlocks : farBlocks, blocks.get(i)); // the last one nowhere
    }
    put(farBlocks, blocks.get(4));
    near.damage(blocks.get(4).reference(), LayeredStoreTest::firstByteFlipped);
    BlockBatch batch = SampleBlock.emptyBatch(BlockSize.KIB_32, blocks);
    assertThat(layered(Right.GET, Right.CACHE).getAll(batch).stream())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    for (int i = 0; i < 9; i++) {
      assertThat(Reference.of(batch.block(i))).isEqualTo(blocks.get(i).reference());
      assertThat(nearBlocks.contains(blocks.get(i).reference())).isTrue();
    }
    assertThat(nearBlocks.count()).isEqualTo(9);
  }

  @Test
  void batchLeavesOutWhatIsCorruptOrUnknown() throws IOException {
    put(nearBlocks, BLOCK);
    put(nearBlocks, OTHER);
    near.damage(BLOCK.reference(), LayeredStoreTest::firstByteFlipped);
    far.breakDown();
    assertThat(layered(Right.GET).getAll(batch(BLOCK, OTHER)).stream()).containsExactly(1);
  }

  @Test
  void blocksGoToEveryLayerWithThePutRight() throws IOException {
    LayeredStore store = layered(Right.GET, Right.PUT);
    put(store, BLOCK);
    store.putAll(batch(OTHER));
    assertThat(List.of(nearBlocks.count(), farBlocks.count())).containsOnly(2);
    put(layered(Right.GET, Right.CACHE), SampleBlock.of(BlockSize.KIB_1, 3));
    assertThat(nearBlocks.count()).isEqualTo(2);
    assertThat(farBlocks.count()).isEqualTo(3);
  }

  @Test
  void putThatOneLayerCannotTakeFails() {
    near.breakDown();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> put(layered(Right.PUT), BLOCK))
        .withMessage("the store broke down");
  }

  @Test
  void storeWithoutThePutRightIsReadOnly() {
    var store =
        new LayeredStore(
            List.of(
                new Layer("near", near, Set.of(Right.GET, Right.CACHE)),
                new Layer("far", far, Set.of(Right.GET))),
            cacheFailures::add);
    assertThatExceptionOfType(StoreException.ReadOnly.class)
        .isThrownBy(() -> put(store, BLOCK))
        .withMessage("store near, far is read-only");
    assertThatExceptionOfType(StoreException.ReadOnly.class)
        .isThrownBy(() -> store.putAll(batch(BLOCK)));
  }

  @Test
  void syncFailsWhenALayerThatTakesBlocksFails() {
    near.breakDown();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> layered(Right.PUT).sync())
        .withMessage("the store broke down");
  }

  @Test
  void layerThatIsOnlyReadIsNotSynced() throws IOException {
    near.breakDown();
    layered(Right.GET).sync();
    assertThat(cacheFailures).isEmpty();
  }

  @Test
  void everyLayerIsClosedAndEveryFailureKept() {
    near.breakDown();
    var last = new MemoryBlockStore();
    var store =
        new LayeredStore(
            List.of(
                new Layer("a", near, Set.of()),
                new Layer("b", near, Set.of()),
                new Layer("c", last, Set.of())),
            cacheFailures::add);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(store::close)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(last::sync);
  }

  @Test
  void interruptedReaderDoesNotGoOnToTheNextLayer() throws IOException {
    put(farBlocks, BLOCK);
    var interrupted = new Interrupted();
    var store =
        new LayeredStore(
            List.of(
                new Layer("interrupted", interrupted, Set.of(Right.GET)),
                new Layer("far", far, Set.of(Right.GET))),
            cacheFailures::add);
    assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> get(store, BLOCK));
    assertThat(Thread.interrupted()).isTrue();
    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(() -> store.getAll(batch(BLOCK)));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(far.reads()).isZero();
  }

  @Test
  void manyReadersFillACacheAtOnce() throws Exception {
    List<SampleBlock> blocks = SampleBlock.list(BlockSize.KIB_1, 64);
    farBlocks.putAll(SampleBlock.batch(BlockSize.KIB_1, blocks));
    LayeredStore store = layered(Right.GET, Right.CACHE);
    List<Callable<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      List<SampleBlock> some = blocks.subList(4 * i, 4 * i + 32);
      readers.add(
          () -> {
            for (SampleBlock block : some.subList(0, 16)) {
              assertGives(store, block);
            }
            return store.getAll(SampleBlock.emptyBatch(BlockSize.KIB_1, some)).cardinality();
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> held : threads.invokeAll(readers)) {
        assertThat(held.get()).isEqualTo(32);
      }
    }
    assertThat(nearBlocks.count()).isEqualTo(60);
  }

  /// The near store with these rights, before the far one that may be read and written.
  private LayeredStore layered(Right... nearRights) {
    return new LayeredStore(
        List.of(
            new Layer("near", near, Set.of(nearRights)),
            new Layer("far", far, Set.of(Right.GET, Right.PUT))),
        cacheFailures::add);
  }

  private static void put(BlockStore store, SampleBlock block) throws IOException {
    store.put(block.reference(), block.bytes());
  }

  private static boolean get(BlockStore store, SampleBlock block) throws IOException {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    return store.get(block.reference(), target).isPresent();
  }

  private static void assertGives(BlockStore store, SampleBlock block) throws IOException {
    try (var arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(BlockSize.MAX_BYTES);
      assertThat(store.get(block.reference(), target))
          .hasValueSatisfying(got -> assertThat(got.mismatch(block.bytes())).isEqualTo(-1));
    }
  }

  private static BlockBatch batch(SampleBlock... blocks) {
    return SampleBlock.batch(BlockSize.KIB_1, List.of(blocks));
  }

  private static byte[] firstByteFlipped(byte[] block) {
    block[0] ^= 1;
    return block;
  }

  /// A store whose reader is interrupted while it waits.
  private static final class Interrupted implements BlockStore {
    @Override
    public Optional<MemorySegment> get(Reference reference, MemorySegment target)
        throws IOException {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }

    @Override
    public void put(Reference reference, MemorySegment block) {}

    @Override
    public boolean contains(Reference reference) {
      return false;
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }
}
