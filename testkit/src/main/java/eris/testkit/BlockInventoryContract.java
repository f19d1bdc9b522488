package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockInventory;
import eris.store.BlockStore;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What a store promises that is a [BlockInventory] as well.
public interface BlockInventoryContract extends BlockStoreContract {
  @Test
  default void emptyStoreTellsOfNothing() throws Exception {
    try (BlockStore store = open()) {
      assertThat(visited(store, Reference.LEAST)).isEmpty();
    }
  }

  @Test
  default void everyBlockIsVisitedOnceInAscendingOrder() throws Exception {
    NavigableMap<Reference, BlockSize> held = new TreeMap<>();
    try (BlockStore store = open()) {
      for (SampleBlock block : someBlocks()) {
        store.put(block.reference(), block.bytes());
        held.put(block.reference(), BlockSize.of(block.bytes()));
      }
      assertThat(visited(store, Reference.LEAST)).isEqualTo(held);
      store.sync();
      assertThat(visited(store, Reference.LEAST)).isEqualTo(held);
      try (BlockStore again = reopen(store)) {
        assertThat(visited(again, Reference.LEAST)).isEqualTo(held);
      }
    }
  }

  @Test
  default void visitBeginsAtTheCursor() throws Exception {
    try (BlockStore store = open()) {
      for (SampleBlock block : someBlocks()) {
        store.put(block.reference(), block.bytes());
      }
      NavigableMap<Reference, BlockSize> all = visited(store, Reference.LEAST);
      for (Reference from : all.keySet()) {
        assertThat(visited(store, from)).isEqualTo(all.tailMap(from, true));
        assertThat(visited(store, successor(from)))
            .isEqualTo(all.tailMap(successor(from), true))
            .hasSize(all.tailMap(from).size() - 1);
      }
      assertThat(visited(store, new Reference(-1, -1, -1, -1))).isEmpty();
    }
  }

  @Test
  default void failureOfTheVisitorEndsTheVisit() throws Exception {
    List<Reference> seen = new ArrayList<>();
    try (BlockStore store = open()) {
      for (SampleBlock block : someBlocks()) {
        store.put(block.reference(), block.bytes());
      }
      assertThatThrownBy(
              () ->
                  inventory(store)
                      .forEach(
                          Reference.LEAST,
                          (reference, _) -> {
                            seen.add(reference);
                            throw new EOFException("enough");
                          }))
          .isInstanceOf(EOFException.class);
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  default void blocksThatComeMeanwhileDisturbNobody() throws Exception {
    List<SampleBlock> before = someBlocks();
    List<SampleBlock> meanwhile =
        SampleBlock.list(BlockSize.KIB_1, 300).subList(before.size(), 300);
    try (BlockStore store = open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      putAll(store, before);
      Future<?> writer = threads.submit(() -> putAll(store, meanwhile));
      List<SampleBlock> all = new ArrayList<>(before);
      all.addAll(meanwhile);
      do {
        assertThat(visited(store, Reference.LEAST).keySet())
            .containsAll(references(before))
            .isSubsetOf(references(all));
      } while (!writer.isDone());
      writer.get();
      assertThat(visited(store, Reference.LEAST).keySet())
          .containsExactlyInAnyOrderElementsOf(references(all));
    }
  }

  @Test
  default void visitorMayUseTheStore() throws Exception {
    SampleBlock another = SampleBlock.of(BlockSize.KIB_1, 1_000);
    List<Boolean> held = new ArrayList<>();
    try (BlockStore store = open()) {
      putAll(store, someBlocks());
      inventory(store)
          .forEach(
              Reference.LEAST,
              (reference, _) -> {
                held.add(store.contains(reference));
                store.put(another.reference(), another.bytes());
                store.sync();
              });
      assertThat(held).hasSizeBetween(60, 61).containsOnly(true);
    }
  }

  @Test
  default void closedStoreTellsOfNothing() throws Exception {
    BlockStore store = open();
    store.close();
    assertThatThrownBy(() -> visited(store, Reference.LEAST))
        .isInstanceOfAny(IOException.class, IllegalStateException.class);
  }

  private static List<SampleBlock> someBlocks() {
    List<SampleBlock> blocks = new ArrayList<>(SampleBlock.list(BlockSize.KIB_1, 50));
    blocks.addAll(SampleBlock.list(BlockSize.KIB_32, 10));
    return blocks;
  }

  private static Void putAll(BlockStore store, List<SampleBlock> blocks) throws IOException {
    for (SampleBlock block : blocks) {
      store.put(block.reference(), block.bytes());
    }
    store.sync();
    return null;
  }

  /// Fails if a reference comes twice or too late.
  private static NavigableMap<Reference, BlockSize> visited(BlockStore store, Reference from)
      throws IOException {
    NavigableMap<Reference, BlockSize> visited = new TreeMap<>();
    inventory(store)
        .forEach(
            from,
            (reference, size) -> {
              assertThat(visited.tailMap(reference)).as("not less than %s", reference).isEmpty();
              visited.put(reference, size);
            });
    return visited;
  }

  private static BlockInventory inventory(BlockStore store) {
    return (BlockInventory) store;
  }

  private static Reference successor(Reference reference) {
    return new Reference(
        reference.w0(), reference.w1(), reference.w2(), reference.w3() + 1); // no carry by chance
  }

  private static List<Reference> references(Collection<SampleBlock> blocks) {
    return blocks.stream().map(SampleBlock::reference).toList();
  }
}
