package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.store.BlockStore;
import eris.stores.DirectoryStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Works with directory stores on one disk, and remembers what they promised.
final class Witness {
  /// The blocks that are put, and one that never is.
  static final List<SampleBlock> BLOCKS = blocks();

  private static final SampleBlock FRESH = SampleBlock.of(BlockSize.KIB_1, 1_000_000);

  private final Set<SampleBlock> synced = new HashSet<>();
  private final Map<BlockStore, Set<SampleBlock>> accepted = new HashMap<>();

  private static List<SampleBlock> blocks() {
    var blocks = new ArrayList<>(SampleBlock.list(BlockSize.KIB_1, 24));
    blocks.addAll(SampleBlock.list(BlockSize.KIB_32, 2));
    return List.copyOf(blocks);
  }

  DirectoryStore open(SimulatedFiles files) throws IOException {
    return DirectoryStore.open(files, "simulated");
  }

  void put(BlockStore store, SampleBlock... blocks) throws IOException {
    for (SampleBlock block : blocks) {
      store.put(block.reference(), block.bytes());
      acceptedBy(store).add(block);
    }
  }

  void sync(BlockStore store) throws IOException {
    store.sync();
    synced.addAll(acceptedBy(store));
  }

  private Set<SampleBlock> acceptedBy(BlockStore store) {
    return accepted.computeIfAbsent(store, _ -> new HashSet<>());
  }

  int syncedCount() {
    return synced.size();
  }

  /// Synced blocks are there, others may be, none reads wrong; what the dead left is cleared away;
  /// and the store goes on.
  void check(SimulatedFiles files) throws IOException {
    try (var store = DirectoryStore.openReadOnly(files, "simulated")) {
      for (SampleBlock block : BLOCKS) {
        checkBlock(store, block);
      }
    }
    try (var store = DirectoryStore.open(files, "simulated")) {
      assertThat(files.list("writers")).hasSize(2); // the new writer's directory and lock
      store.put(FRESH.reference(), FRESH.bytes());
      store.sync();
      assertThat(read(store, FRESH)).isPresent();
    }
    assertThat(files.list("writers")).isEmpty();
  }

  private void checkBlock(BlockStore store, SampleBlock block) throws IOException {
    Optional<byte[]> read = read(store, block);
    boolean held = read.isPresent();
    if (held != store.contains(block.reference()) || !held && synced.contains(block)) {
      throw new AssertionError("block " + block.reference() + " is lost");
    }
    if (held && !Arrays.equals(read.get(), block.bytes().toArray(ValueLayout.JAVA_BYTE))) {
      throw new AssertionError("block " + block.reference() + " reads wrong");
    }
  }

  static Optional<byte[]> read(BlockStore store, SampleBlock block) throws IOException {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    return store.get(block.reference(), target).map(bytes -> bytes.toArray(ValueLayout.JAVA_BYTE));
  }
}
