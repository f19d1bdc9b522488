package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Kills a writing process again and again (SIGKILL), and after each time looks for every block that
/// it had acknowledged.
///
/// This shows that nothing acknowledged waits in the process's memory. It says nothing about the
/// disk: the page cache outlives the process.
public final class KillCycles {
  private static final int THREADS = 4;
  private static final int ENDLESS = 1 << 20;
  private static final long CYCLE_STRIDE = 1L << 32;
  private static final int MOST_LINES_BEFORE_KILL = 16;

  private final String store;
  private final Path scratch;
  private final Random random;

  /// @param store as [StoreArgument] has it
  public KillCycles(String store, Path scratch, long seed) {
    this.store = store;
    this.scratch = scratch;
    this.random = new Random(seed);
  }

  /// Returns the number of blocks that were acknowledged, and found.
  public long run(int cycles) throws IOException, InterruptedException {
    long found = 0;
    for (int cycle = 0; cycle < cycles; cycle++) {
      List<String> acknowledged = writeAndKill(cycle * CYCLE_STRIDE);
      try (BlockStore reopened = StoreArgument.open(store)) {
        for (String line : acknowledged) {
          found += requireBlocks(reopened, line, cycle);
        }
      }
    }
    return found;
  }

  private List<String> writeAndKill(long firstSeed) throws IOException, InterruptedException {
    List<String> arguments = List.of(store, Long.toString(firstSeed), "" + THREADS, "" + ENDLESS);
    Process child = ChildJvm.of(List.of(), scratch, CrashWriter.class, arguments).start();
    List<String> lines = new ArrayList<>();
    int linesBeforeKill = 1 + random.nextInt(MOST_LINES_BEFORE_KILL);
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      while (lines.size() < linesBeforeKill) {
        String line = out.readLine();
        assertThat(line).as("line of a living writer").isNotNull();
        lines.add(line);
      }
      spin(random.nextInt(3_000_000));
      child.toHandle().destroyForcibly(); // the process would close its output too
      out.lines().forEach(lines::add);
    } finally {
      child.destroyForcibly().waitFor();
    }
    return lines;
  }

  /// Moves the kill away from the moment of an acknowledgement.
  private static void spin(int nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static long requireBlocks(BlockStore store, String line, int cycle) throws IOException {
    String[] words = line.split(" ", -1);
    BlockSize size = BlockSize.ofBytes(Long.parseLong(words[2])).orElseThrow();
    BlockBatch batch =
        SeededBlocks.batch(size, Long.parseLong(words[0]), Integer.parseInt(words[1]));
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    for (int i = 0; i < batch.count(); i++) {
      Reference reference = batch.reference(i);
      var block = store.get(reference, target);
      assertThat(block).as("block %s of cycle %d", reference, cycle).isPresent();
      assertThat(block.get().mismatch(batch.block(i))).as("block %s", reference).isEqualTo(-1);
    }
    return batch.count();
  }
}
