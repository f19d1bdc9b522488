package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockStore;
import eris.store.ScrubbableStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What a [ScrubbableStore] promises. Stores believe whoever puts a block, so a bad copy is easy to
/// make.
public interface ScrubbableStoreContract extends BlockInventoryContract {
  @Test
  default void blockWhoseCopyIsSetAsideIsNotHeld() throws Exception {
    for (BlockSize size : BlockSize.values()) {
      setAsideOneOfTwo(size);
    }
  }

  private void setAsideOneOfTwo(BlockSize size) throws Exception {
    var good = SampleBlock.of(size, 1);
    var bad = SampleBlock.of(size, 2);
    try (BlockStore store = open()) {
      putBadCopy(store, bad);
      store.put(good.reference(), good.bytes());
      store.sync();
      scrubbable(store).setAside(bad.reference());
      assertNotHeld(store, bad);
      try (BlockStore again = reopen(store)) {
        assertNotHeld(again, bad);
        assertThat(read(again, good)).isPresent();
        assertThat(held(again)).containsExactly(good.reference());
        assertThat(copies(again)).containsEntry(bad.reference(), 0L).hasSize(2);
      }
    }
  }

  @Test
  default void soundCopyStaysInUse() throws Exception {
    var block = SampleBlock.of(BlockSize.KIB_1, 1);
    var absent = SampleBlock.of(BlockSize.KIB_1, 2);
    try (BlockStore store = open()) {
      store.put(block.reference(), block.bytes());
      scrubbable(store).setAside(block.reference());
      store.sync();
      scrubbable(store).setAside(block.reference());
      scrubbable(store).setAside(absent.reference());
      assertThat(read(store, block)).isPresent();
      assertThat(copies(store)).containsExactly(Map.entry(block.reference(), 1024L));
    }
  }

  @Test
  default void putBringsBackWhatWasSetAside() throws Exception {
    var block = SampleBlock.of(BlockSize.KIB_32, 1);
    try (BlockStore store = open()) {
      putBadCopy(store, block);
      store.sync();
      scrubbable(store).setAside(block.reference());
      store.put(block.reference(), block.bytes());
      store.sync();
      scrubbable(store).setAside(block.reference());
      try (BlockStore again = reopen(store)) {
        assertThat(read(again, block)).isPresent();
        assertThat(again.contains(block.reference())).isTrue();
        assertThat(held(again)).containsExactly(block.reference());
      }
    }
  }

  private static void putBadCopy(BlockStore store, SampleBlock block) throws IOException {
    store.put(block.reference(), MemorySegment.ofArray(new byte[(int) block.bytes().byteSize()]));
  }

  private static void assertNotHeld(BlockStore store, SampleBlock block) throws IOException {
    assertThat(store.contains(block.reference())).isFalse();
    try {
      assertThat(read(store, block)).isEmpty();
    } catch (CorruptBlock e) {
      assertThat(e).hasMessageContaining("set aside");
    }
  }

  private static List<Reference> held(BlockStore store) throws IOException {
    List<Reference> held = new ArrayList<>();
    scrubbable(store).forEach(Reference.LEAST, (reference, _) -> held.add(reference));
    return held;
  }

  private static NavigableMap<Reference, Long> copies(BlockStore store) throws IOException {
    NavigableMap<Reference, Long> copies = new TreeMap<>();
    scrubbable(store).forEachCopy(Reference.LEAST, copies::put);
    return copies;
  }

  private static Optional<MemorySegment> read(BlockStore store, SampleBlock block)
      throws IOException {
    return store.get(block.reference(), MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]));
  }

  private static ScrubbableStore scrubbable(BlockStore store) {
    return (ScrubbableStore) store;
  }
}
