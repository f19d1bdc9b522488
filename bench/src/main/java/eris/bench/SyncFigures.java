package eris.bench;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockInventory;
import eris.store.BlockStore;
import eris.stores.sync.Direction;
import eris.stores.sync.LocalSession;
import eris.stores.sync.Narrowing;
import eris.stores.sync.SyncListener;
import eris.stores.sync.SyncResult;
import eris.stores.sync.SyncedStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// What it costs to synchronise two stores of a million blocks, both ways, over pipes in one process:
/// bytes, round trips, seconds; and what other steps of narrowing would cost.
///
/// The stores are sorted arrays of references in memory; only blocks that move exist, made anew from
/// their number whenever they are read, and what arrives is counted and dropped.
///
/// Arguments: the directory for the result, the commit.
public final class SyncFigures {
  private static final int COMMON = 1_000_000;
  private static final int[] DIFFERENCES = {0, 1, 1_000, 100_000};
  private static final Set<Direction> BOTH = Set.of(Direction.PUSH, Direction.PULL);

  private final Reference[] common = new Reference[COMMON];
  private final StringBuilder text = new StringBuilder();

  private SyncFigures() {
    var random = new SplittableRandom(1);
    Arrays.setAll(
        common,
        _ ->
            new Reference(
                random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
  }

  public static void main(String[] arguments) throws IOException {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    var figures = new SyncFigures();
    figures.measure(today, arguments[1]);
    Path result = Path.of(arguments[0], today + "-sync.md");
    Files.writeString(result, figures.text);
    System.out.println(result);
  }

  private void measure(LocalDate today, String commit) throws IOException {
    print("# Sync of two stores, %s%n%n", today);
    print(
        "- Machine: %s, %d cores, load %.2f at the start%n",
        processor(),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    print("- Java: %s %s%n", System.getProperty("java.vm.name"), Runtime.version());
    print("- Commit: %s%n%n", commit);
    print(
        """
        %,d blocks that both stores hold, and some of 1 KiB that one of them holds, half of them each. The
        inventories are sorted arrays in memory, blocks are made when they are read and dropped when they
        arrive: what is measured is the protocol. Seconds are the best of three, by the clock on the wall.

        """,
        COMMON);
    run(DIFFERENCES[2], Narrowing.DEFAULT); // compiles
    print("| differences | bytes there | bytes back | of that blocks | round trips | seconds |%n");
    print("| --- | --- | --- | --- | --- | --- |%n");
    for (int differences : DIFFERENCES) {
      Run best = run(differences, Narrowing.DEFAULT);
      for (int i = 0; i < 2; i++) {
        Run again = run(differences, Narrowing.DEFAULT);
        best = again.seconds < best.seconds ? again : best;
      }
      SyncResult result = best.result;
      print(
          "| %,d | %,d | %,d | %,d | %d | %.3f |%n",
          differences,
          result.sentBytes(),
          result.receivedBytes(),
          best.blockBytes(),
          result.roundTrips(),
          best.seconds);
    }
    print("%n## Narrowing%n%n");
    print(
        """
        Bytes both ways without the blocks, and round trips, by how many bits one question goes on and how
        many blocks are in a range that is listed.

        """);
    print("| bits | blocks | 1 difference | 1,000 differences | 100,000 differences |%n");
    print("| --- | --- | --- | --- | --- |%n");
    for (int bits : new int[] {2, 4, 8}) {
      for (int blocks : new int[] {4, 16, 64}) {
        print("| %d | %d |", bits, blocks);
        for (int differences : new int[] {1, 1_000, 100_000}) {
          Run run = run(differences, new Narrowing(bits, blocks));
          long bytes = run.result.sentBytes() + run.result.receivedBytes() - run.blockBytes();
          print(" %,d in %d |", bytes, run.result.roundTrips());
        }
        print("%n");
      }
    }
  }

  private record Run(SyncResult result, double seconds) {
    long blockBytes() {
      return (result.sentBlocks() + result.receivedBlocks()) * BlockSize.KIB_1.bytes();
    }
  }

  private Run run(int differences, Narrowing narrowing) throws IOException {
    var left = new Store(common, 0, differences / 2);
    var right = new Store(common, differences / 2, differences);
    long begin = System.nanoTime();
    SyncResult result =
        LocalSession.run(left.synced(), right.synced(), BOTH, narrowing, new Random(differences));
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (result.sentBlocks() + result.receivedBlocks() != differences
        || left.received.get() + right.received.get() != differences) {
      throw new IllegalStateException("not all blocks have moved");
    }
    return new Run(result, seconds);
  }

  @SuppressWarnings("AnnotateFormatMethod") // that would be a dependency
  private void print(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  private static String processor() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .findFirst()
        .map(line -> line.split(":", 2)[1].strip())
        .orElse("?");
  }

  /// References, of which some have a block.
  private static final class Store implements BlockStore, BlockInventory {
    private final Reference[] references;
    private final Map<Reference, Integer> numbers = new HashMap<>();
    private final AtomicLong received = new AtomicLong();

    /// @param from the number of the first block that the other store lacks
    Store(Reference[] common, int from, int to) {
      references = Arrays.copyOf(common, common.length + to - from);
      for (int number = from; number < to; number++) {
        Reference reference = Reference.of(block(number));
        numbers.put(reference, number);
        references[common.length + number - from] = reference;
      }
      Arrays.sort(references);
    }

    private static MemorySegment block(int number) {
      byte[] bytes = new byte[BlockSize.KIB_1.bytes()];
      MemorySegment block = MemorySegment.ofArray(bytes);
      block.set(ValueLayout.JAVA_INT_UNALIGNED, 0, number);
      return block;
    }

    SyncedStore synced() {
      return new SyncedStore(this, this, SILENT);
    }

    @Override
    public Optional<MemorySegment> get(Reference reference, MemorySegment target) {
      Integer number = numbers.get(reference);
      return number == null
          ? Optional.empty()
          : Optional.of(target.asSlice(0, BlockSize.KIB_1.bytes()).copyFrom(block(number)));
    }

    @Override
    public void forEach(Reference from, Visitor visitor) throws IOException {
      int first = Arrays.binarySearch(references, from);
      for (int i = first < 0 ? -1 - first : first; i < references.length; i++) {
        visitor.visit(references[i], BlockSize.KIB_1);
      }
    }

    @Override
    public void put(Reference reference, MemorySegment block) {
      received.incrementAndGet();
    }

    @Override
    public boolean contains(Reference reference) {
      return Arrays.binarySearch(references, reference) >= 0;
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }

  private static final SyncListener SILENT =
      new SyncListener() {
        @Override
        public void sent(BlockSize size) {}

        @Override
        public void received(BlockSize size) {}

        @Override
        public void corrupt(CorruptBlock corrupt) {}
      };
}
