package eris.bench;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.codec.Encoder;
import eris.store.BlockSink;
import eris.stores.VolumePath;
import eris.stores.VolumeStore;
import eris.stores.Writer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.SplittableRandom;

/// The put of a big file into a new volume, like that of the embedded store, against what bounds it:
/// the codec alone, and writing as many bytes in sequence and making them durable, 64 MiB at a time
/// or all at the end. Wall time, all cores, in a warm JVM; they take turns, and the best of each counts.
///
/// Arguments: a directory on the disk to be measured, MiB of content, rounds.
public final class EmbeddedPut {
  private static final int WRITE_BYTES = 1 << 20;
  private static final int FLUSH_BYTES = 64 << 20; // as the volume does

  private final Path directory;
  private final Path content;
  private final long sizeBytes;

  private EmbeddedPut(Path directory, long sizeBytes) {
    this.directory = directory;
    this.content = directory.resolve("content");
    this.sizeBytes = sizeBytes;
  }

  public static void main(String[] arguments) throws IOException {
    var put = new EmbeddedPut(Path.of(arguments[0]), Long.parseLong(arguments[1]) << 20);
    put.writeInSequence(put.content, put.sizeBytes);
    try {
      put.run(Integer.parseInt(arguments[2]));
    } finally {
      Files.delete(put.content);
    }
  }

  private void run(int rounds) throws IOException {
    encode(EndToEnd.NOWHERE); // warms up
    double codec = 0;
    double written = 0;
    double put = 0;
    for (int i = 0; i < rounds; i++) {
      codec = Math.max(codec, megabytesPerSecond(() -> encode(EndToEnd.NOWHERE)));
      written = Math.max(written, megabytesPerSecond(() -> writeInSequence(FLUSH_BYTES)));
      written = Math.max(written, megabytesPerSecond(() -> writeInSequence(sizeBytes)));
      put = Math.max(put, megabytesPerSecond(this::put));
    }
    System.out.printf(
        Locale.ROOT,
        "best of %d rounds: codec %.0f MB/s, durable sequential write %.0f MB/s, put %.0f MB/s:"
            + " %.2f of the lesser (must 0.6, aim 0.85)%n",
        rounds,
        codec,
        written,
        put,
        put / Math.min(codec, written));
  }

  private interface Work {
    void run() throws IOException;
  }

  private double megabytesPerSecond(Work work) throws IOException {
    long begin = System.nanoTime();
    work.run();
    return sizeBytes / 1e6 / ((System.nanoTime() - begin) / 1e9);
  }

  private void encode(BlockSink sink) throws IOException {
    try (FileChannel channel = FileChannel.open(content)) {
      new Encoder(BlockSize.KIB_32, sink).encode(channel, ConvergenceSecret.nullSecret());
    }
  }

  private void put() throws IOException {
    Path file = directory.resolve("volume");
    try (VolumeStore store = VolumeStore.open(VolumePath.of(file), Writer.named("bench"))) {
      encode(store);
      store.sync();
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory.resolve("volume.lock"));
    }
  }

  private void writeInSequence(long flushBytes) throws IOException {
    Path file = directory.resolve("sequence");
    try {
      writeInSequence(file, flushBytes);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void writeInSequence(Path file, long flushBytes) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = arena.allocate(WRITE_BYTES, 4096).asByteBuffer();
      var random = new SplittableRandom(1);
      while (buffer.remaining() >= Long.BYTES) {
        buffer.putLong(random.nextLong());
      }
      for (long done = 0; done < sizeBytes; done += WRITE_BYTES) {
        channel.write(buffer.putLong(0, done).clear());
        if ((done + WRITE_BYTES) % flushBytes == 0) {
          channel.force(false);
        }
      }
    }
  }
}
