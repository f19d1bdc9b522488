package eris.bench;

import com.sun.management.OperatingSystemMXBean;
import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import eris.stores.Clock;
import eris.stores.Pace;
import eris.stores.Scrub;
import eris.stores.ScrubCursor;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.Volumes;
import eris.stores.Writer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// How fast a volume is scrubbed and its index made anew, from the page cache and in a warm JVM. Both
/// use two cores, which others may use too: so a rate is given by wall time, and as it is where two
/// cores have nothing else to do, by CPU time.
///
/// Arguments: a directory, MiB of content, rounds, of which the best counts.
public final class VolumeCare {
  private static final int BATCH_BYTES = 1 << 20;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Path file;
  private final Path cursor;
  private final long sizeBytes;
  private final int rounds;

  private VolumeCare(Path directory, long sizeBytes, int rounds) {
    this.file = directory.resolve("volume");
    this.cursor = directory.resolve("cursor");
    this.sizeBytes = sizeBytes;
    this.rounds = rounds;
  }

  public static void main(String[] arguments) throws IOException {
    var care =
        new VolumeCare(
            Path.of(arguments[0]),
            Long.parseLong(arguments[1]) << 20,
            Integer.parseInt(arguments[2]));
    for (BlockSize size : BlockSize.values()) {
      care.measure(size);
    }
  }

  private void measure(BlockSize size) throws IOException {
    try {
      fill(size);
      print(size, "scrub", this::scrub);
      print(size, "rebuild", () -> Volumes.rebuild(VolumePath.of(file), Writer.named("bench")));
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(file.resolveSibling("volume.lock"));
    }
  }

  private void fill(BlockSize size) throws IOException {
    int count = BATCH_BYTES / size.bytes();
    var random = new SplittableRandom(1);
    try (Arena arena = Arena.ofConfined();
        VolumeStore store = VolumeStore.open(VolumePath.of(file), Writer.named("bench"))) {
      MemorySegment blocks = arena.allocate(BATCH_BYTES, Long.BYTES);
      MemorySegment references = arena.allocate((long) count * Reference.BYTES, Long.BYTES);
      for (long done = 0; done < sizeBytes; done += BATCH_BYTES) {
        for (long i = 0; i < BATCH_BYTES; i += Long.BYTES) {
          blocks.set(ValueLayout.JAVA_LONG, i, random.nextLong());
        }
        Reference.writeAll(blocks, size, references);
        store.putAll(new BlockBatch(size, blocks, references));
      }
      store.sync();
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private void print(BlockSize size, String name, Work work) throws IOException {
    double wall = 0;
    double idle = 0;
    for (int i = 0; i < rounds; i++) {
      long cpu = SYSTEM.getProcessCpuTime();
      long begin = System.nanoTime();
      work.run();
      wall = Math.max(wall, sizeBytes / (double) (System.nanoTime() - begin));
      idle = Math.max(idle, 2 * sizeBytes / (double) (SYSTEM.getProcessCpuTime() - cpu));
    }
    System.out.printf(
        Locale.ROOT,
        "%s %s: %.2f GB/s by the wall, %.2f GB/s by CPU time on two cores (must 0.8)%n",
        size,
        name,
        wall,
        idle);
  }

  private void scrub() throws IOException {
    try (VolumeStore store = VolumeStore.openReadOnly(VolumePath.of(file))) {
      new Scrub(
              store,
              () -> store,
              List.of(),
              ScrubCursor.at(cursor),
              Pace.unlimited(),
              Clock.SYSTEM,
              new Strict())
          .run();
    }
  }

  private static final class Strict implements Scrub.Listener {
    @Override
    public void sound(BlockSize size) {}

    @Override
    public void corrupt(CorruptBlock corrupt, String place, Scrub.Cure cure) throws IOException {
      throw corrupt;
    }

    @Override
    public void healerFailed(Scrub.Healer healer, IOException failure) {}
  }
}
