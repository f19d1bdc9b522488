package eris.stores;

import static eris.stores.VolumeLayout.INT;
import static eris.stores.VolumeLayout.LONG;
import static eris.stores.VolumeLayout.SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.BlockSize;
import eris.Reference;
import eris.store.Retention;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GuidPartitionTest {
  private static final UUID GUID = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
  private static final UUID OTHER = UUID.fromString("11111111-2222-3333-4444-555555555555");
  private static final int DISK_BYTES = 32 << 20;
  private static final int PARTITION_BYTES = 30 << 20;

  private static final MemorySegment BLOCK =
      MemorySegment.ofArray(new byte[BlockSize.KIB_32.bytes()]).fill((byte) 7);
  private static final Reference BLOCK_REFERENCE = Reference.of(BLOCK);

  @TempDir private Path directory;

  /// A disk with one partition, made by hand.
  private static MemoryDevice disk(int sectorBytes) {
    MemoryDevice disk = MemoryDevice.of(DISK_BYTES);
    int last = DISK_BYTES / sectorBytes - 1;
    int tableSectors = 128 * 128 / sectorBytes;
    writeTable(disk.memory(), sectorBytes, 1, 2);
    writeTable(disk.memory(), sectorBytes, last, last - tableSectors);
    return disk;
  }

  private static void writeTable(MemorySegment disk, int sectorBytes, long self, long table) {
    MemorySegment entries = disk.asSlice(table * sectorBytes, 128 * 128);
    long first = (1L << 20) / sectorBytes;
    writeGuid(entries, 128, GuidPartition.VOLUME_TYPE);
    writeGuid(entries, 128 + 16, GUID);
    entries.set(LONG, 128 + 32, first);
    entries.set(LONG, 128 + 40, first + PARTITION_BYTES / sectorBytes - 1);
    MemorySegment header = disk.asSlice(self * sectorBytes, 92);
    header.set(LONG, 0, Superblock.text("EFI PART"));
    header.set(INT, 8, 0x00010000);
    header.set(INT, 12, 92);
    header.set(LONG, 24, self);
    header.set(LONG, 72, table);
    header.set(INT, 80, 128);
    header.set(INT, 84, 128);
    header.set(INT, 88, crc(entries));
    header.set(INT, 16, 0);
    header.set(INT, 16, crc(header));
  }

  private static void writeGuid(MemorySegment target, long offset, UUID guid) {
    long high = guid.getMostSignificantBits();
    target.set(INT, offset, (int) (high >>> 32));
    target.set(SHORT, offset + 4, (short) (high >>> 16));
    target.set(SHORT, offset + 6, (short) high);
    target.set(
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN),
        offset + 8,
        guid.getLeastSignificantBits());
  }

  private static int crc(MemorySegment bytes) {
    var crc = new CRC32();
    crc.update(bytes.asByteBuffer());
    return (int) crc.getValue();
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void partitionIsFoundByItsGuid(int sectorBytes) throws IOException {
    MemoryDevice disk = disk(sectorBytes);
    assertThat(GuidPartition.find(disk, GUID))
        .contains(new GuidPartition(GuidPartition.VOLUME_TYPE, 1 << 20, PARTITION_BYTES));
    assertThat(GuidPartition.find(disk, OTHER)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void backupServesWhereThePrimaryIsDamaged(int sectorBytes) throws IOException {
    for (int at : new int[] {sectorBytes, sectorBytes + 73, 2 * sectorBytes + 130}) {
      MemoryDevice disk = disk(sectorBytes);
      byte old = disk.memory().get(ValueLayout.JAVA_BYTE, at);
      disk.memory().set(ValueLayout.JAVA_BYTE, at, (byte) (old ^ 1));
      assertThat(GuidPartition.find(disk, GUID)).isPresent();
      long backup = DISK_BYTES - sectorBytes + 16L;
      disk.memory().set(INT, backup, 0);
      assertThatIOException()
          .isThrownBy(() -> GuidPartition.find(disk, GUID))
          .withMessageContaining("no partition table");
    }
  }

  @Test
  void partitionBeyondTheDeviceIsRefused() {
    MemoryDevice half = MemoryDevice.of(DISK_BYTES / 2);
    half.memory().copyFrom(disk(512).memory().asSlice(0, DISK_BYTES / 2));
    assertThatIOException()
        .isThrownBy(() -> GuidPartition.find(half, GUID))
        .withMessageContaining("beyond the device");
  }

  @Test
  void somethingElseHasNoPartitions() {
    assertThatIOException()
        .isThrownBy(() -> GuidPartition.find(MemoryDevice.of(100), GUID))
        .withMessageContaining("no partition table");
  }

  @Test
  void volumeInAPartitionStaysInIt() throws IOException {
    Path image = directory.resolve("disk.img");
    MemorySegment before = disk(512).memory();
    Files.write(image, before.toArray(ValueLayout.JAVA_BYTE));
    var place = new VolumePath(image, Optional.of(GUID));
    useVolume(place);
    MemorySegment after = MemorySegment.ofArray(Files.readAllBytes(image));
    long end = (1 << 20) + PARTITION_BYTES;
    assertThat(after.asSlice(0, 1 << 20).mismatch(before.asSlice(0, 1 << 20))).isEqualTo(-1);
    assertThat(after.asSlice(end).mismatch(before.asSlice(end))).isEqualTo(-1);
    assertThatIOException()
        .isThrownBy(() -> VolumeStore.openReadOnly(new VolumePath(image, Optional.of(OTHER))))
        .withMessageContaining("no partition");
  }

  /// A volume that grew in a file grows no more by itself on a device, but when it is told to.
  @Test
  void fileIsCopiedToAPartitionAndGrown() throws IOException {
    Writer writer = Writer.named("test");
    Path file = directory.resolve("volume");
    try (VolumeStore store = VolumeStore.open(VolumePath.of(file), writer)) {
      store.put(BLOCK_REFERENCE, BLOCK);
      store.sync();
    }
    byte[] disk = disk(512).memory().toArray(ValueLayout.JAVA_BYTE);
    byte[] volume = Files.readAllBytes(file);
    System.arraycopy(volume, 0, disk, 1 << 20, volume.length);
    var place = new VolumePath(Files.write(directory.resolve("disk.img"), disk), Optional.of(GUID));
    VolumeStat grown = Volumes.grow(place, OptionalLong.empty(), writer);
    assertThat(grown.sizeBytes()).isEqualTo(28 << 20);
    assertThat(grown.largeBlocks()).isEqualTo(1);
    try (VolumeStore store = VolumeStore.openReadOnly(place)) {
      assertThat(store.contains(BLOCK_REFERENCE)).isTrue();
    }
    assertThatIOException()
        .isThrownBy(() -> Volumes.grow(VolumePath.of(file), OptionalLong.empty(), writer))
        .withMessageContaining("grows by itself");
  }

  private static void useVolume(VolumePath place) throws IOException {
    Writer writer = Writer.named("test");
    VolumeStat made =
        Volumes.create(
            place, OptionalLong.empty(), Retention.FOREVER, Volumes.Replace.NOTHING, writer);
    assertThat(made.sizeBytes()).isBetween(PARTITION_BYTES - (1L << 20), (long) PARTITION_BYTES);
    try (VolumeStore store = VolumeStore.open(place, writer)) {
      store.put(BLOCK_REFERENCE, BLOCK);
      store.sync();
    }
    try (VolumeStore store = VolumeStore.openReadOnly(place)) {
      assertThat(store.contains(BLOCK_REFERENCE)).isTrue();
    }
  }

  @Test
  void tableOfSgdiskIsRead() throws IOException, InterruptedException {
    Path image = directory.resolve("disk.img");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    assumeTrue(
        sgdisk(
            "--new=1:2048:+30M",
            "--typecode=1:" + GuidPartition.VOLUME_TYPE,
            "--partition-guid=1:" + GUID,
            image.toString()),
        "no sgdisk");
    var place = new VolumePath(image, Optional.of(GUID));
    useVolume(place);
    assertThat(sgdisk("--verify", image.toString())).isTrue();
  }

  private static boolean sgdisk(String... arguments) throws InterruptedException {
    try {
      var command = new ArrayList<>(List.of("sgdisk"));
      command.addAll(List.of(arguments));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
