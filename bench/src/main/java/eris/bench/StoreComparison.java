package eris.bench;

import com.sun.management.OperatingSystemMXBean;
import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.stores.RocksDbStore;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.Writer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// The volume against RocksDB: the same blocks, in batches of 1 MiB that are each made durable; then
/// blocks got at random from a warm page cache. One thread; no hashing. Prints each round and the
/// best of all.
///
/// Arguments: a directory on the disk to be measured, MiB to write in a round, rounds.
public final class StoreComparison {
  private static final int BATCH_BYTES = 1 << 20;
  private static final int GETS = 200_000;

  private final Path directory;
  private final long totalBytes;

  private StoreComparison(Path directory, long totalBytes) {
    this.directory = directory;
    this.totalBytes = totalBytes;
  }

  private enum Kind {
    ROCKSDB,
    VOLUME;

    BlockStore open(Path path) throws IOException {
      return switch (this) {
        case ROCKSDB -> RocksDbStore.open(path);
        case VOLUME -> VolumeStore.open(VolumePath.of(path), Writer.named("bench"));
      };
    }
  }

  /// @param putSeconds wall time of all batches with their syncs
  /// @param putCpuSeconds of the whole process, with what works in the background
  /// @param getMicros CPU time of the calling thread for each block
  private record Round(double putSeconds, double putCpuSeconds, double getMicros, double diskMib) {
    Round best(Round other) {
      return new Round(
          Math.min(putSeconds, other.putSeconds),
          Math.min(putCpuSeconds, other.putCpuSeconds),
          Math.min(getMicros, other.getMicros),
          Math.min(diskMib, other.diskMib));
    }

    String line(double mib) {
      return String.format(
          Locale.ROOT,
          "put %.0f MiB/s, %.2f CPU ms/MiB; get %.2f CPU us; %.0f MiB of files",
          mib / putSeconds,
          putCpuSeconds * 1000 / mib,
          getMicros,
          diskMib);
    }
  }

  public static void main(String[] arguments) throws IOException {
    var comparison = new StoreComparison(Path.of(arguments[0]), Long.parseLong(arguments[1]) << 20);
    for (BlockSize size : BlockSize.values()) {
      comparison.compare(size, Integer.parseInt(arguments[2]));
    }
  }

  private void compare(BlockSize size, int rounds) throws IOException {
    double mib = totalBytes / (double) (1 << 20);
    Round rocks = null;
    Round volume = null;
    for (int i = 0; i < rounds; i++) {
      Round one = run(Kind.ROCKSDB, size, i);
      Round two = run(Kind.VOLUME, size, i);
      rocks = rocks == null ? one : rocks.best(one);
      volume = volume == null ? two : volume.best(two);
      System.out.printf("%s round %d rocksdb: %s%n", size, i, one.line(mib));
      System.out.printf("%s round %d volume:  %s%n", size, i, two.line(mib));
    }
    if (rocks != null && volume != null) {
      System.out.printf("%s best rocksdb: %s%n", size, rocks.line(mib));
      System.out.printf("%s best volume:  %s%n", size, volume.line(mib));
      System.out.printf(
          Locale.ROOT,
          "%s volume / rocksdb: ingest %.2fx, ingest CPU %.2fx, get CPU %.2fx%n",
          size,
          rocks.putSeconds / volume.putSeconds,
          volume.putCpuSeconds / rocks.putCpuSeconds,
          volume.getMicros / rocks.getMicros);
    }
  }

  private Round run(Kind kind, BlockSize size, int round) throws IOException {
    Path place = directory.resolve("store-" + kind);
    delete(place);
    try (Arena arena = Arena.ofConfined()) {
      int perBatch = BATCH_BYTES / size.bytes();
      int count = (int) (totalBytes / size.bytes());
      var blocks = arena.allocate(BATCH_BYTES, 4096);
      var references = arena.allocate((long) count * Reference.BYTES);
      try (BlockStore store = kind.open(place)) {
        long putNanos = 0;
        long putCpu = 0;
        for (int first = 0; first < count; first += perBatch) {
          BlockBatch batch = batch(size, first, perBatch, blocks, references, round);
          long cpu = processCpu();
          long begin = System.nanoTime();
          store.putAll(batch);
          store.sync();
          putNanos += System.nanoTime() - begin;
          putCpu += processCpu() - cpu;
        }
        double getMicros = gets(store, references, count);
        return new Round(putNanos / 1e9, putCpu / 1e9, getMicros, mibOf(place));
      }
    } finally {
      delete(place);
    }
  }

  /// Random bytes under random references: a store must not care.
  private static BlockBatch batch(
      BlockSize size,
      int first,
      int count,
      MemorySegment blocks,
      MemorySegment references,
      int round) {
    var random = new SplittableRandom(first * 31L + round);
    for (long i = 0; i < blocks.byteSize(); i += Long.BYTES) {
      blocks.set(ValueLayout.JAVA_LONG, i, random.nextLong());
    }
    MemorySegment these =
        references.asSlice((long) first * Reference.BYTES, (long) count * Reference.BYTES);
    for (int i = 0; i < count; i++) {
      new Reference(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong())
          .writeTo(these, (long) i * Reference.BYTES);
    }
    return new BlockBatch(size, blocks, these);
  }

  private static double gets(BlockStore store, MemorySegment references, int count)
      throws IOException {
    double best = Double.MAX_VALUE;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(BlockSize.MAX_BYTES, 4096);
      for (int run = 0; run < 3; run++) {
        var random = new SplittableRandom(run);
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < GETS; i++) {
          long index = random.nextInt(count);
          if (store
              .get(Reference.readFrom(references, index * Reference.BYTES), target)
              .isEmpty()) {
            throw new IOException("a block is lost");
          }
        }
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
        best = Math.min(best, nanos / 1e3 / GETS);
      }
    }
    return best;
  }

  private static long processCpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double mibOf(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes / (double) (1 << 20);
    }
  }

  private static void delete(Path place) throws IOException {
    Files.deleteIfExists(place.resolveSibling(place.getFileName() + ".lock"));
    if (Files.exists(place)) {
      try (Stream<Path> paths = Files.walk(place)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
