package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockStore;
import eris.store.CollectableStore;
import eris.store.Retention;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What a [CollectableStore] promises. A fresh one keeps everything, without a limit.
public interface CollectableStoreContract extends BlockInventoryContract {
  /// After every sequence there is.
  long EVER = Long.MAX_VALUE;

  @Test
  default void freshStoreKeepsEverything() throws Exception {
    var block = SampleBlock.of(BlockSize.KIB_1, 1);
    try (CollectableStore store = collectable(open())) {
      assertThat(store.retention()).isEqualTo(Retention.FOREVER);
      put(store, block);
      assertThatExceptionOfType(StoreException.ReadOnly.class)
          .isThrownBy(() -> store.moveToTrash(block.reference(), EVER));
      assertThatExceptionOfType(StoreException.ReadOnly.class)
          .isThrownBy(() -> store.free(block.reference(), EVER));
      assertHeld(store, block);
    }
  }

  @Test
  default void retentionIsKept() throws Exception {
    var retention = new Retention(Retention.Mode.LEASED, OptionalLong.of(1 << 20));
    try (CollectableStore store = leased()) {
      store.setRetention(retention);
      assertThat(store.retention()).isEqualTo(retention);
      try (CollectableStore again = collectable(reopen(store))) {
        assertThat(again.retention()).isEqualTo(retention);
        again.setRetention(Retention.FOREVER);
        try (CollectableStore last = collectable(reopen(again))) {
          assertThat(last.retention()).isEqualTo(Retention.FOREVER);
        }
      }
    }
  }

  @Test
  default void trashIsReadAndNotHeld() throws Exception {
    try (CollectableStore store = leased()) {
      for (BlockSize size : BlockSize.values()) {
        var block = SampleBlock.of(size, 1);
        put(store, block);
        assertThat(store.moveToTrash(block.reference(), EVER)).isTrue();
        assertInTrash(store, block);
        assertThat(store.moveToTrash(block.reference(), EVER)).isFalse();
        store.sync();
        assertInTrash(store, block);
      }
      try (CollectableStore again = collectable(reopen(store))) {
        for (BlockSize size : BlockSize.values()) {
          assertInTrash(again, SampleBlock.of(size, 1));
        }
      }
    }
  }

  @Test
  default void putAndRestoreBringBackFromTheTrash() throws Exception {
    var first = SampleBlock.of(BlockSize.KIB_1, 1);
    var second = SampleBlock.of(BlockSize.KIB_32, 2);
    var absent = SampleBlock.of(BlockSize.KIB_1, 3);
    try (CollectableStore store = leased()) {
      put(store, first, second);
      assertThat(store.moveToTrash(first.reference(), EVER)).isTrue();
      assertThat(store.moveToTrash(second.reference(), EVER)).isTrue();
      store.sync();
      put(store, first);
      assertThat(store.restore(second.reference())).isTrue();
      assertThat(store.restore(second.reference())).isTrue();
      assertThat(store.restore(absent.reference())).isFalse();
      assertThat(store.free(first.reference(), EVER)).isFalse();
      store.sync();
      try (CollectableStore again = collectable(reopen(store))) {
        assertHeld(again, first);
        assertHeld(again, second);
        assertThat(dated(again)).hasSize(2);
      }
    }
  }

  @Test
  default void onlyTrashIsFreed() throws Exception {
    var kept = SampleBlock.of(BlockSize.KIB_1, 1);
    var freed = SampleBlock.of(BlockSize.KIB_1, 2);
    try (CollectableStore store = leased()) {
      put(store, kept, freed);
      assertThat(store.free(freed.reference(), EVER)).isFalse();
      assertThat(store.moveToTrash(freed.reference(), EVER)).isTrue();
      assertThat(store.free(freed.reference(), EVER)).isTrue();
      assertThat(store.free(freed.reference(), EVER)).isFalse();
      assertThat(store.restore(freed.reference())).isFalse();
      assertGone(store, freed);
      store.sync();
      try (CollectableStore again = collectable(reopen(store))) {
        assertGone(again, freed);
        assertHeld(again, kept);
        put(again, freed);
        assertHeld(again, freed);
      }
    }
  }

  @Test
  default void whatCameLaterStays() throws Exception {
    var early = SampleBlock.of(BlockSize.KIB_1, 1);
    var late = SampleBlock.of(BlockSize.KIB_1, 2);
    try (CollectableStore store = leased()) {
      put(store, early);
      store.sync();
      long between = store.sequence();
      put(store, late);
      assertThat(store.moveToTrash(early.reference(), between)).isTrue();
      assertThat(store.moveToTrash(late.reference(), between)).isFalse();
      assertHeld(store, late);
      assertThat(store.free(early.reference(), between)).isFalse(); // in the trash since later
      store.sync();
      assertThat(store.free(early.reference(), store.sequence())).isTrue();
    }
  }

  @Test
  default void putOfAHeldBlockIsItsLastPut() throws Exception {
    var block = SampleBlock.of(BlockSize.KIB_1, 1);
    try (CollectableStore store = leased()) {
      put(store, block);
      store.sync();
      long promise = store.sequence();
      put(store, block);
      assertThat(store.moveToTrash(block.reference(), promise)).isFalse();
      store.sync();
      try (CollectableStore again = collectable(reopen(store))) {
        assertThat(again.moveToTrash(block.reference(), promise)).isFalse();
        assertThat(again.moveToTrash(block.reference(), again.sequence())).isTrue();
      }
    }
  }

  @Test
  default void sequenceRisesWithEachSyncAfterAChange() throws Exception {
    try (CollectableStore store = leased()) {
      long last = store.sequence();
      for (int i = 0; i < 40; i++) {
        var block = SampleBlock.of(BlockSize.KIB_1, i);
        put(store, block);
        if (i % 3 == 0) {
          store.moveToTrash(block.reference(), EVER);
        }
        store.sync();
        assertThat(store.sequence()).isGreaterThan(last);
        last = store.sequence();
      }
      try (CollectableStore again = collectable(reopen(store))) {
        assertThat(again.sequence()).isGreaterThanOrEqualTo(last);
      }
    }
  }

  @Test
  default void datesAreTold() throws Exception {
    var old = SampleBlock.of(BlockSize.KIB_1, 1);
    var young = SampleBlock.of(BlockSize.KIB_32, 2);
    try (CollectableStore store = leased()) {
      put(store, old);
      store.sync();
      long between = store.sequence();
      put(store, young);
      store.moveToTrash(old.reference(), between);
      NavigableMap<Reference, Dated> dated = dated(store);
      assertThat(dated).hasSize(2);
      assertThat(told(dated, old).inTrash()).isTrue();
      assertThat(told(dated, old).sequence()).isGreaterThanOrEqualTo(between);
      assertThat(told(dated, young).inTrash()).isFalse();
      assertThat(told(dated, young).size()).isEqualTo(BlockSize.KIB_32);
      store.sync();
      assertThat(dated(store)).isEqualTo(dated);
      try (CollectableStore again = collectable(reopen(store))) {
        assertThat(dated(again)).isEqualTo(dated);
        Reference from = dated.lastKey();
        List<Reference> told = new ArrayList<>();
        again.forEachDated(from, (reference, _, _, _) -> told.add(reference));
        assertThat(told).containsExactly(from);
      }
    }
  }

  @Test
  default void documentIsReplacedAndIsNoBlock() throws Exception {
    var block = SampleBlock.of(BlockSize.KIB_1, 1);
    try (CollectableStore store = leased()) {
      assertThat(store.metadata()).isEmpty();
      put(store, block);
      for (int size : new int[] {1, 100, 300_000, 66, 5_000, 0, 40_000}) {
        byte[] document = new byte[size];
        Arrays.fill(document, (byte) size);
        store.setMetadata(document);
        assertThat(store.metadata()).isEqualTo(document);
        assertThat(dated(store)).containsOnlyKeys(block.reference());
      }
      byte[] last = store.metadata();
      try (CollectableStore again = collectable(reopen(store))) {
        assertThat(again.metadata()).isEqualTo(last).hasSize(40_000);
        assertThat(again.contains(block.reference())).isTrue();
      }
    }
  }

  @Test
  default void quotaIsExact() throws Exception {
    var quota = new Retention(Retention.Mode.LEASED, OptionalLong.of(10 << 10));
    List<SampleBlock> blocks = SampleBlock.list(BlockSize.KIB_1, 12);
    try (CollectableStore store = leased()) {
      store.setRetention(quota);
      put(store, blocks.subList(0, 10).toArray(SampleBlock[]::new));
      assertFull(store, blocks.get(10));
      put(store, blocks.get(3)); // which takes no more
      store.sync();
      store.moveToTrash(blocks.get(0).reference(), EVER);
      assertFull(store, blocks.get(10)); // the trash counts
      store.free(blocks.get(0).reference(), EVER);
      put(store, blocks.get(10));
      assertFull(store, blocks.get(11));
      assertFull(store, blocks.get(0));
      store.sync();
      try (CollectableStore again = collectable(reopen(store))) {
        assertFull(again, blocks.get(11));
        for (SampleBlock block : blocks.subList(1, 11)) {
          assertHeld(again, block);
        }
        again.setRetention(new Retention(Retention.Mode.ARCHIVE, OptionalLong.of(11 << 10)));
        put(again, blocks.get(11));
        assertFull(again, blocks.get(0));
      }
    }
  }

  @Test
  default void cacheNeverFillsUpAndForgetsWhatIsOldest() throws Exception {
    List<SampleBlock> blocks = SampleBlock.list(BlockSize.KIB_1, 400);
    SampleBlock asked = blocks.get(2);
    try (CollectableStore store = leased()) {
      store.setRetention(new Retention(Retention.Mode.CACHE, OptionalLong.of(100 << 10)));
      store.setMetadata(new byte[] {1, 2, 3});
      for (SampleBlock block : blocks) {
        put(store, block);
        store.sync();
        assertThat(store.contains(block.reference())).isTrue(); // the latest is there
        if (blocks.indexOf(block) >= blocks.indexOf(asked)) {
          assertHeld(store, asked); // and so asks for it
        }
        assertThat(dated(store).size()).isLessThanOrEqualTo(100);
      }
      assertThat(dated(store).size()).isGreaterThan(80);
      assertGone(store, blocks.get(0));
      assertHeld(store, blocks.get(390));
      assertThat(store.metadata()).containsExactly(1, 2, 3);
      put(store, SampleBlock.of(BlockSize.KIB_32, 1), SampleBlock.of(BlockSize.KIB_32, 2));
      store.sync();
      try (CollectableStore again = collectable(reopen(store))) {
        assertHeld(again, SampleBlock.of(BlockSize.KIB_32, 2));
        assertThat(again.metadata()).containsExactly(1, 2, 3);
      }
    }
  }

  private CollectableStore leased() throws Exception {
    CollectableStore store = collectable(open());
    store.setRetention(new Retention(Retention.Mode.LEASED, OptionalLong.empty()));
    return store;
  }

  /// What is told of a block.
  record Dated(BlockSize size, long sequence, boolean inTrash) {}

  private static NavigableMap<Reference, Dated> dated(CollectableStore store) throws IOException {
    NavigableMap<Reference, Dated> dated = new TreeMap<>();
    store.forEachDated(
        Reference.LEAST,
        (reference, size, sequence, inTrash) -> {
          assertThat(dated.tailMap(reference)).isEmpty();
          dated.put(reference, new Dated(size, sequence, inTrash));
        });
    return dated;
  }

  private static Dated told(Map<Reference, Dated> dated, SampleBlock block) {
    return Objects.requireNonNull(dated.get(block.reference()));
  }

  private static void put(BlockStore store, SampleBlock... blocks) throws IOException {
    for (SampleBlock block : blocks) {
      store.put(block.reference(), block.bytes());
    }
  }

  private static void assertFull(BlockStore store, SampleBlock block) throws IOException {
    assertThatExceptionOfType(StoreException.Full.class).isThrownBy(() -> put(store, block));
    assertThat(store.contains(block.reference())).isFalse();
  }

  private static void assertHeld(CollectableStore store, SampleBlock block) throws IOException {
    assertThat(store.contains(block.reference())).isTrue();
    assertThat(reads(store, block)).isTrue();
  }

  private static void assertInTrash(CollectableStore store, SampleBlock block) throws IOException {
    assertThat(store.contains(block.reference())).isFalse();
    assertThat(reads(store, block)).isTrue();
    store.forEach(block.reference(), (held, _) -> assertThat(held).isNotEqualTo(block.reference()));
    assertThat(told(dated(store), block).inTrash()).isTrue();
  }

  private static void assertGone(CollectableStore store, SampleBlock block) throws IOException {
    assertThat(store.contains(block.reference())).isFalse();
    assertThat(reads(store, block)).isFalse();
    assertThat(dated(store)).doesNotContainKey(block.reference());
  }

  private static boolean reads(BlockStore store, SampleBlock block) throws IOException {
    return store
        .get(block.reference(), MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]))
        .filter(read -> read.mismatch(block.bytes()) == -1)
        .isPresent();
  }

  private static CollectableStore collectable(BlockStore store) {
    return (CollectableStore) store;
  }
}
