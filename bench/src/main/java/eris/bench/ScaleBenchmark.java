package eris.bench;

import com.sun.management.OperatingSystemMXBean;
import eris.BlockSize;
import eris.Reference;
import eris.retention.Collector;
import eris.retention.Promises;
import eris.retention.ReferenceCursor;
import eris.retention.Tally;
import eris.retention.Verdict;
import eris.store.BlockBatch;
import eris.store.BlockInventory;
import eris.store.BlockStore;
import eris.store.CollectableStore;
import eris.store.Retention;
import eris.stores.Pace;
import eris.stores.RocksDbStore;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.Writer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// How the cost of a store grows with the number of its blocks of 1 KiB: put in batches of 1 MiB
/// that are each made durable, looked up, opened again, listed. One thread; no hashing.
///
/// Arguments: `volume`, `rocksdb` or `index`, which is a volume whose blocks are zeros that take no
/// space; an empty directory; how many blocks, in thousands. Prints a row of a table; of volumes also
/// how long two collections of garbage take, of which the first moves every tenth block to the trash
/// and the second removes it.
public final class ScaleBenchmark {
  private static final int BATCH = 1024;
  private static final int LOOKUPS = 200_000;
  private static final int EXTENT_UNITS = 1024;

  private final String kind;
  private final Path place;
  private final int count;
  private @Nullable HollowDevice device; // of an index only

  private ScaleBenchmark(String kind, Path place, int count) {
    this.kind = kind;
    this.place = place;
    this.count = count;
  }

  public static void main(String[] arguments) throws IOException {
    var benchmark =
        new ScaleBenchmark(
            arguments[0],
            Path.of(arguments[1]).resolve("store"),
            1000 * Integer.parseInt(arguments[2]));
    benchmark.run();
  }

  private BlockStore open(boolean first) throws IOException {
    return switch (kind) {
      case "volume" -> VolumeStore.open(VolumePath.of(place), Writer.named("bench"));
      case "rocksdb" -> RocksDbStore.open(place);
      case "index" -> {
        var hollow = new HollowDevice(place);
        device = hollow;
        if (first) {
          VolumeStore.createGrowing(
              hollow, EXTENT_UNITS, Retention.FOREVER, Clock.systemUTC(), new SecureRandom());
        }
        yield VolumeStore.open(hollow, "index", new SecureRandom());
      }
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private void run() throws IOException {
    String puts;
    try (BlockStore store = open(true)) {
      puts = puts(store);
    }
    long begin = System.nanoTime();
    try (BlockStore store = open(false)) {
      if (!store.contains(reference(0))) {
        throw new IOException("a block is lost");
      }
      double openMillis = (System.nanoTime() - begin) / 1e6;
      String held = lookups(store, 0);
      String absent = lookups(store, count);
      begin = System.nanoTime();
      long[] listed = {0};
      ((BlockInventory) store).forEach(Reference.LEAST, (_, _) -> listed[0]++);
      double listSeconds = (System.nanoTime() - begin) / 1e9;
      if (listed[0] != count) {
        throw new IOException("%d blocks of %d are listed".formatted(listed[0], count));
      }
      System.out.printf(
          Locale.ROOT,
          "| %s | %,d | %s | %s | %s | %.0f | %.2f | %s |%n",
          kind,
          count,
          puts,
          held,
          absent,
          openMillis,
          listSeconds,
          memory());
      if (store instanceof CollectableStore collectable) {
        collect(collectable);
      }
    }
  }

  private void collect(CollectableStore store) throws IOException {
    Path wanted = place.resolveSibling("wanted");
    try (var list = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(wanted)))) {
      long[] listed = {0};
      store.forEach(
          Reference.LEAST,
          (reference, _) -> {
            if (listed[0]++ % 10 > 0) {
              ReferenceFile.write(reference, list);
            }
          });
    }
    store.setRetention(new Retention(Retention.Mode.LEASED, OptionalLong.empty()));
    var collector =
        new Collector(
            store,
            new Promises(store),
            () -> List.of(() -> new ReferenceFile(wanted)),
            Pace.of(Long.MAX_VALUE, eris.stores.Clock.SYSTEM));
    for (Verdict verdict : List.of(Verdict.TRASH, Verdict.FREE)) {
      long begin = System.nanoTime();
      Tally tally = collector.begin().run(_ -> {});
      System.out.printf(
          Locale.ROOT,
          "%s, %,d blocks, collection, %s %,d: %.1f s%n",
          kind,
          tally.all(),
          verdict,
          tally.of(verdict).blocks(),
          (System.nanoTime() - begin) / 1e9);
    }
  }

  /// A live set in a file, as long as it is.
  private static final class ReferenceFile implements ReferenceCursor {
    private final DataInputStream in;
    private Reference reference = Reference.LEAST;

    ReferenceFile(Path file) throws IOException {
      in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20));
    }

    static void write(Reference reference, DataOutputStream out) throws IOException {
      out.writeLong(reference.w0());
      out.writeLong(reference.w1());
      out.writeLong(reference.w2());
      out.writeLong(reference.w3());
    }

    @Override
    public boolean advance() throws IOException {
      try {
        long first = in.readLong();
        reference = new Reference(first, in.readLong(), in.readLong(), in.readLong());
        return true;
      } catch (EOFException _) {
        return false;
      }
    }

    @Override
    public Reference reference() {
      return reference;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private String puts(BlockStore store) throws IOException {
    long nanos = 0;
    long cpu = 0;
    long longest = 0;
    try (Arena arena = Arena.ofConfined()) {
      var blocks = arena.allocate((long) BATCH * BlockSize.KIB_1.bytes(), 4096);
      var references = arena.allocate((long) BATCH * Reference.BYTES);
      for (int first = 0; first < count; first += BATCH) {
        int batch = Math.min(BATCH, count - first);
        fill(blocks, references, first, batch);
        var these =
            new BlockBatch(
                BlockSize.KIB_1,
                blocks.asSlice(0, (long) batch * BlockSize.KIB_1.bytes()),
                references.asSlice(0, (long) batch * Reference.BYTES));
        long cpuBegin = processCpu();
        long begin = System.nanoTime();
        store.putAll(these);
        store.sync();
        long took = System.nanoTime() - begin;
        nanos += took;
        longest = Math.max(longest, took);
        cpu += processCpu() - cpuBegin;
      }
    }
    return String.format(
        Locale.ROOT,
        "%.0f | %.1f | %.2f",
        count / 1024.0 / (nanos / 1e9),
        cpu / 1e3 / count,
        longest / 1e9);
  }

  private void fill(MemorySegment blocks, MemorySegment references, int first, int batch) {
    if (device == null) {
      var random = new SplittableRandom(first);
      for (long i = 0; i < blocks.byteSize(); i += Long.BYTES) {
        blocks.set(ValueLayout.JAVA_LONG, i, random.nextLong());
      }
    }
    for (int i = 0; i < batch; i++) {
      reference(first + i).writeTo(references, (long) i * Reference.BYTES);
    }
  }

  /// The reference with a number, made up.
  private static Reference reference(int number) {
    var random = new SplittableRandom(number);
    return new Reference(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  /// CPU time of looking up, without reading, one of `count` references from `first` on; with the
  /// reads that takes.
  private String lookups(BlockStore store, int first) throws IOException {
    var random = new SplittableRandom(first);
    long held = 0;
    long reads = device == null ? 0 : device.reads();
    long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (int i = 0; i < LOOKUPS; i++) {
      held += store.contains(reference(first + random.nextInt(count))) ? 1 : 0;
    }
    double nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
    if (held != (first == 0 ? LOOKUPS : 0)) {
      throw new IOException(held + " of " + LOOKUPS + " are held");
    }
    String micros = String.format(Locale.ROOT, "%.2f", nanos / 1e3 / LOOKUPS);
    return device == null
        ? micros
        : micros
            + String.format(
                Locale.ROOT, " (%.3f reads)", (device.reads() - reads) / (double) LOOKUPS);
  }

  /// Used heap after a collection, and the most memory that the process ever had, in MiB.
  private static String memory() throws IOException {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    String peak =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .map(line -> line.replaceAll("\\D", ""))
            .findFirst()
            .orElse("0");
    return String.format(Locale.ROOT, "%d | %d", heap >> 20, Long.parseLong(peak) >> 10);
  }

  private static long processCpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
