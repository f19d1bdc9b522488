package eris.testkit;

import static eris.testkit.Witness.BLOCKS;
import static org.assertj.core.api.Assertions.assertThat;

import eris.store.BlockStore;
import eris.stores.DirectoryStore;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random operations on a store and on the simplest thing that behaves like one.
final class DirectoryStoreModelTest {
  private static final int OPERATIONS = 60;
  private static final int RUNS = 300;

  @Test
  void storeDoesWhatTheModelDoes() throws IOException {
    Long only = Long.getLong("eris.seed");
    for (long run = 0; run < RUNS; run++) {
      long seed = only == null ? run : only;
      try {
        new Run(new SplittableRandom(seed)).go();
      } catch (IOException | AssertionError e) {
        throw new AssertionError("replay with -Deris.seed=" + seed, e);
      }
    }
  }

  private static final class Run {
    private final SplittableRandom random;
    private final Set<SampleBlock> synced = new HashSet<>();
    private final Set<SampleBlock> pending = new HashSet<>();
    private SimulatedFiles files = new SimulatedFiles();
    private BlockStore store;

    Run(SplittableRandom random) throws IOException {
      this.random = random;
      this.store = open();
    }

    void go() throws IOException {
      for (int i = 0; i < OPERATIONS; i++) {
        step();
        compare(BLOCKS.get(random.nextInt(BLOCKS.size())));
      }
      for (SampleBlock block : BLOCKS) {
        compare(block);
      }
      store.close();
    }

    private void step() throws IOException {
      switch (random.nextInt(12)) {
        case 0, 1 -> sync();
        case 2 -> reopen();
        case 3 -> crash();
        default -> put(BLOCKS.get(random.nextInt(BLOCKS.size())));
      }
    }

    private void put(SampleBlock block) throws IOException {
      store.put(block.reference(), block.bytes());
      if (!synced.contains(block)) {
        pending.add(block);
      }
    }

    private void sync() throws IOException {
      store.sync();
      synced.addAll(pending);
      pending.clear();
    }

    private void reopen() throws IOException {
      store.close();
      pending.clear();
      store = open();
    }

    private void crash() throws IOException {
      files = files.crash(random);
      pending.clear(); // none of them had its final name
      store = open();
    }

    private BlockStore open() throws IOException {
      return DirectoryStore.open(files, "simulated");
    }

    private void compare(SampleBlock block) throws IOException {
      boolean held = synced.contains(block) || pending.contains(block);
      Optional<byte[]> read = Witness.read(store, block);
      assertThat(read.isPresent()).as("%s is held", block.reference()).isEqualTo(held);
      if (held) {
        assertThat(read.get()).isEqualTo(block.bytes().toArray(ValueLayout.JAVA_BYTE));
      }
      assertThat(store.contains(block.reference())).isEqualTo(held);
    }
  }
}
