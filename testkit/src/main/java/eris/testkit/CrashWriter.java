package eris.testkit;

import eris.BlockSize;
import eris.store.BlockStore;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes blocks until it is killed, from several threads, and prints a line for each batch that a
/// sync covers: `first-seed count size-in-bytes`.
///
/// Arguments: the store, as [StoreArgument] has it; the first seed; the number of threads; and the
/// number of batches after which each thread ends.
public final class CrashWriter {
  private static final int BATCH_COUNT = 8;

  /// Seeds of one thread are far from those of the next.
  private static final long THREAD_STRIDE = 1 << 24;

  private final BlockStore store;
  private final int batches;
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private CrashWriter(BlockStore store, int batches) {
    this.store = store;
    this.batches = batches;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (BlockStore store = StoreArgument.open(arguments[0])) {
      var writer = new CrashWriter(store, Integer.parseInt(arguments[3]));
      writer.run(Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
    }
  }

  private void run(long firstSeed, int threads) throws InterruptedException {
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      long seed = firstSeed + i * THREAD_STRIDE;
      running.add(Thread.ofPlatform().start(() -> write(seed)));
    }
    for (Thread thread : running) {
      thread.join();
    }
  }

  private void write(long firstSeed) {
    try {
      for (int i = 0; i < batches; i++) {
        BlockSize size = i % 2 == 0 ? BlockSize.KIB_1 : BlockSize.KIB_32;
        long seed = firstSeed + (long) i * BATCH_COUNT;
        store.putAll(SeededBlocks.batch(size, seed, BATCH_COUNT));
        store.sync();
        acknowledge("%d %d %d%n".formatted(seed, BATCH_COUNT, size.bytes()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One write per line, so that a kill leaves no half of one between two whole ones.
  private synchronized void acknowledge(String line) {
    out.print(line);
  }
}
