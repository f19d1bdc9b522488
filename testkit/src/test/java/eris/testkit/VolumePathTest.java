package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.BlockSize;
import eris.store.Retention;
import eris.store.StoreException;
import eris.stores.DamagedVolume;
import eris.stores.VolumePath;
import eris.stores.VolumeStat;
import eris.stores.VolumeStore;
import eris.stores.Volumes;
import eris.stores.Writer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes in real files: made, opened, locked, grown, rebuilt.
final class VolumePathTest {
  private static final Writer WRITER = Writer.named("test").withPatience(Duration.ZERO);
  private static final SampleBlock BLOCK = SampleBlock.of(BlockSize.KIB_1, 1);

  @TempDir private Path directory;
  private Path file;
  private VolumePath volume;

  @BeforeEach
  void name() {
    file = directory.resolve("volume");
    volume = VolumePath.of(file);
  }

  @Test
  void missingAndEmptyFilesBecomeVolumes() throws IOException {
    putBlock();
    Path empty = Files.createFile(directory.resolve("empty"));
    try (VolumeStore store = VolumeStore.open(VolumePath.of(empty), WRITER)) {
      assertThat(store.stat().grows()).isTrue();
    }
    try (VolumeStore store = VolumeStore.openReadOnly(volume)) {
      assertThat(store.contains(BLOCK.reference())).isTrue();
    }
    try (var files = Files.list(directory)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("volume", "volume.lock", "empty", "empty.lock");
    }
  }

  private void putBlock() throws IOException {
    try (VolumeStore store = VolumeStore.open(volume, WRITER)) {
      store.put(BLOCK.reference(), BLOCK.bytes());
      store.sync();
    }
  }

  @Test
  void readingCreatesNothing() {
    assertThatIOException()
        .isThrownBy(() -> VolumeStore.openReadOnly(volume))
        .withMessage("no store at " + file);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void otherFilesAndDirectoriesAreLeftAlone() throws IOException {
    Files.writeString(file, "something of value");
    assertThatExceptionOfType(DamagedVolume.class)
        .isThrownBy(() -> VolumeStore.open(volume, WRITER))
        .withMessage("store volume:%s: not a volume: it has no superblock", file);
    assertThatIOException()
        .isThrownBy(
            () ->
                Volumes.create(
                    volume,
                    OptionalLong.empty(),
                    Retention.FOREVER,
                    Volumes.Replace.NOTHING,
                    WRITER))
        .withMessageContaining("exists and is not empty");
    assertThat(file).hasContent("something of value");
    assertThatIOException()
        .isThrownBy(() -> VolumeStore.open(VolumePath.of(directory), WRITER))
        .withMessageContaining("is a directory");
  }

  @Test
  void secondWriterIsRefusedAndReadersAreNot() throws IOException {
    try (VolumeStore store = VolumeStore.open(volume, WRITER)) {
      store.put(BLOCK.reference(), BLOCK.bytes());
      store.sync();
      assertThatExceptionOfType(StoreException.Busy.class)
          .isThrownBy(() -> VolumeStore.open(volume, WRITER))
          .withMessageContaining("process " + ProcessHandle.current().pid());
      assertThatExceptionOfType(StoreException.Busy.class)
          .isThrownBy(() -> Volumes.rebuild(volume, WRITER));
      try (VolumeStore reader = VolumeStore.openReadOnly(volume)) {
        assertThat(reader.contains(BLOCK.reference())).isTrue();
      }
    }
    VolumeStore.open(volume, WRITER).close();
  }

  @Test
  void fixedVolumeKeepsItsSizeUntilItIsGrown() throws IOException {
    VolumeStat made =
        Volumes.create(
            volume, OptionalLong.of(1 << 20), Retention.FOREVER, Volumes.Replace.NOTHING, WRITER);
    assertThat(made.sizeBytes()).isEqualTo(1 << 20);
    assertThat(made.grows()).isFalse();
    assertThat(file).hasSize(1 << 20);
    putBlock();
    VolumeStat grown = Volumes.grow(volume, OptionalLong.of(3 << 20), WRITER);
    assertThat(grown.sizeBytes()).isEqualTo(3 << 20);
    assertThat(grown.smallBlocks()).isEqualTo(1);
    assertThat(grown.freeBytes()).isGreaterThan(2 << 20);
    assertThat(Volumes.stat(volume).smallBlocks()).isEqualTo(1);
    assertThatIOException()
        .isThrownBy(() -> Volumes.grow(volume, OptionalLong.of(1 << 20), WRITER))
        .withMessageContaining("has 3145728 bytes already");
  }

  @Test
  void rebuildFindsTheBlocksOfAFile() throws IOException {
    putBlock();
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(8192)); // both superblocks
    }
    assertThatExceptionOfType(DamagedVolume.class)
        .isThrownBy(() -> VolumeStore.openReadOnly(volume));
    assertThat(Volumes.rebuild(volume, WRITER).smallBlocks()).isGreaterThanOrEqualTo(1);
    try (VolumeStore store = VolumeStore.openReadOnly(volume)) {
      assertThat(store.contains(BLOCK.reference())).isTrue();
    }
  }

  @Test
  void unwritableVolumeIsReadOnly() throws IOException {
    putBlock();
    assumeTrue(file.toFile().setReadOnly() && !Files.isWritable(file), "root may write everything");
    assertThatExceptionOfType(StoreException.ReadOnly.class)
        .isThrownBy(() -> VolumeStore.open(volume, WRITER));
  }

  /// Interrupting a thread inside a file channel closes it: others must not notice.
  @Test
  void interruptsHitOnlyTheirThread() throws Exception {
    putBlock();
    try (VolumeStore store = VolumeStore.open(volume, WRITER);
        var threads = Executors.newCachedThreadPool()) {
      var stop = new AtomicBoolean();
      var reader =
          threads.submit(
              () -> {
                MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
                long reads = 0;
                while (!stop.get()) {
                  assertThat(store.get(BLOCK.reference(), target)).isPresent();
                  reads++;
                }
                return reads;
              });
      for (int i = 0; i < 200; i++) {
        var victim = threads.submit(() -> readInterrupted(store));
        victim.get();
      }
      stop.set(true);
      assertThat(reader.get()).isPositive();
      var next = SampleBlock.of(BlockSize.KIB_32, 2);
      store.put(next.reference(), next.bytes());
      store.sync();
    }
  }

  private static Void readInterrupted(VolumeStore store) {
    Thread.currentThread().interrupt();
    try {
      store.get(BLOCK.reference(), MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]));
    } catch (IOException _) {
      // meant for this one
    }
    assertThat(Thread.interrupted()).isTrue();
    return null;
  }
}
