package eris.testkit;

import static eris.testkit.VolumeWitness.LEASED;

import eris.BlockSize;
import eris.Reference;
import eris.stores.VolumeStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/// A volume of 1 MiB with everything in it: pages of an index, a journal, a document, slots used,
/// freed and in the trash. And
/// what `docs/formats/volume.md` says about its bytes, so that they can be made to lie.
final class VolumeImage {
  static final int BYTES = 1 << 20;
  static final int UNIT = 4096;
  static final int EXTENT = 1 << 16;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final byte[] DOCUMENT =
      SampleBlock.of(BlockSize.KIB_32, 9).bytes().toArray(ValueLayout.JAVA_BYTE);

  final SimulatedDevice disk;

  /// What is held, and what was removed.
  final List<SampleBlock> held = new ArrayList<>();

  final List<SampleBlock> removed = new ArrayList<>();

  private VolumeImage(SimulatedDevice disk) {
    this.disk = disk;
  }

  static VolumeImage make() throws IOException {
    var image = new VolumeImage(new SimulatedDevice(4096, BYTES));
    VolumeStore.create(image.disk, BYTES, LEASED, Clock.systemUTC(), new Random(1));
    try (VolumeStore store = image.open()) {
      for (int i = 0; i < 12; i++) { // more syncs than the journal has units
        image.put(store, BlockSize.KIB_1, 10 * i, 10 * i + 10);
        store.sync();
      }
      image.put(store, BlockSize.KIB_32, 0, 3);
      for (SampleBlock block : List.copyOf(image.held.subList(0, 20))) {
        image.held.remove(block);
        image.removed.add(block);
        VolumeWitness.remove(store, block.reference());
      }
      store.setMetadata(DOCUMENT);
      for (SampleBlock block : image.held.subList(0, 5)) { // and so are read, but not held
        store.moveToTrash(block.reference(), Long.MAX_VALUE);
      }
      store.sync();
    }
    return image;
  }

  private void put(VolumeStore store, BlockSize size, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      var block = SampleBlock.of(size, i);
      store.put(block.reference(), block.bytes());
      held.add(block);
    }
  }

  VolumeStore open() throws IOException {
    return VolumeStore.open(disk, "image", new Random(2));
  }

  VolumeStore openReadOnly() throws IOException {
    return VolumeStore.openReadOnly(disk, "image");
  }

  /// How many of the blocks that should be read are not, or read wrong.
  int damagedBlocks(VolumeStore store) throws IOException {
    int damaged = 0;
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    for (SampleBlock block : held) {
      var read = store.get(block.reference(), target);
      boolean sound = read.isPresent() && read.get().mismatch(block.bytes()) == -1;
      damaged += sound ? 0 : 1;
    }
    return damaged;
  }

  /// References of blocks that a scrub of everything finds damaged.
  List<Reference> scrub(VolumeStore store) throws IOException {
    List<Reference> found = new ArrayList<>();
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    store.forEachCopy(
        Reference.LEAST,
        (reference, _) -> {
          var block = store.get(reference, target);
          if (block.isEmpty() || !Reference.of(block.get()).equals(reference)) {
            found.add(reference);
          }
        });
    return found;
  }

  /// Changes a field of the superblock, in both copies, and lets the checksum agree.
  void lie(int offset, int value) {
    for (int copy = 0; copy < 2; copy++) {
      MemorySegment unit = unit(copy);
      unit.set(INT, offset, value);
      seal(unit, UNIT, 12);
      disk.overwrite((long) copy * UNIT, unit.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  MemorySegment unit(long number) {
    byte[] bytes = disk.bytes();
    int from = (int) number * UNIT;
    return MemorySegment.ofArray(Arrays.copyOfRange(bytes, from, from + UNIT));
  }

  /// Fills units with nonsense.
  void destroy(long firstUnit, int count) {
    byte[] nonsense = new byte[count * UNIT];
    new Random(firstUnit).nextBytes(nonsense);
    disk.overwrite(firstUnit * UNIT, nonsense);
  }

  /// @param checksum where the four bytes of the checksum are
  static void seal(MemorySegment bytes, int length, int checksum) {
    var crc = new CRC32C();
    byte[] all = bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    crc.update(all, 0, checksum);
    crc.update(all, checksum + 4, length - checksum - 4);
    bytes.set(INT, checksum, (int) crc.getValue());
  }

  /// The first unit of the pages.
  long pagesUnit() {
    return Integer.toUnsignedLong(unit(0).get(INT, 128)) * EXTENT / UNIT;
  }

  /// The first unit of the journal.
  long journalUnit() {
    return Integer.toUnsignedLong(unit(0).get(INT, 52)) * EXTENT / UNIT;
  }
}
