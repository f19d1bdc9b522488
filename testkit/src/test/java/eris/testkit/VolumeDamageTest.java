package eris.testkit;

import static eris.testkit.VolumeImage.INT;
import static eris.testkit.VolumeImage.LONG;
import static eris.testkit.VolumeImage.UNIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import eris.BlockSize;
import eris.Reference;
import eris.stores.DamagedVolume;
import eris.stores.VerifiedSource;
import eris.stores.VolumeStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Volumes that are damaged, or lie.
final class VolumeDamageTest {
  private static final long BITS = VolumeImage.BYTES * 8L;

  @Test
  void bitFlipsOfTheSuperblocksCostNothing() throws IOException {
    flips(0, 2L * UNIT * 8, 1);
  }

  @Test
  void someBitFlipsEverywhereCostNoMoreThanABlock() throws IOException {
    flips(0, BITS, 101);
  }

  @Test
  @Tag("wide")
  void manyBitFlipsEverywhereCostNoMoreThanABlock() throws IOException {
    flips(0, BITS, 17);
  }

  @Test
  @Tag("deep")
  void allBitFlipsCostNoMoreThanABlock() throws IOException {
    flips(0, BITS, 1);
  }

  /// Of a closed volume, so that all blocks in it are known to have arrived.
  private static void flips(long from, long to, int step) throws IOException {
    VolumeImage image = VolumeImage.make();
    assertThat(image.held).hasSize(103);
    long count = 0;
    long harmful = 0;
    for (long bit = from; bit < to; bit += step) {
      image.disk.flip(bit);
      try (VolumeStore store = image.openReadOnly()) {
        assertThat(Arrays.equals(store.metadata(), VolumeImage.DOCUMENT)).isTrue();
        int damaged = image.damagedBlocks(store);
        if (damaged > 0) {
          harmful++;
          assertThat(damaged).as("blocks damaged by bit %d", bit).isEqualTo(1);
          assertFound(image, store, bit);
        }
      } catch (IOException e) {
        throw new AssertionError("bit " + bit, e);
      }
      image.disk.flip(bit);
      count++;
    }
    System.err.printf("bit flips of a volume: %d, of them in blocks: %d%n", count, harmful);
  }

  /// Seldom, for all blocks are hashed.
  private static void assertFound(VolumeImage image, VolumeStore store, long bit)
      throws IOException {
    if (bit % 1024 < 8) {
      assertThat(image.scrub(store)).as("found after bit %d was flipped", bit).hasSize(1);
    }
  }

  @Test
  void flippedBlockIsNotServedAndPutHealsIt() throws IOException {
    VolumeImage image = VolumeImage.make();
    SampleBlock block = image.held.getLast();
    image.disk.flip(8L * offsetOf(image, block) + 77);
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    try (VolumeStore store = image.open()) {
      assertThatIOException()
          .isThrownBy(() -> new VerifiedSource(store).get(block.reference(), target));
      store.put(block.reference(), block.bytes());
      store.sync();
    }
    try (VolumeStore store = image.openReadOnly()) {
      assertThat(image.damagedBlocks(store)).isZero();
    }
  }

  private static int offsetOf(VolumeImage image, SampleBlock block) {
    byte[] bytes = image.disk.bytes();
    byte[] wanted = block.bytes().toArray(ValueLayout.JAVA_BYTE);
    for (int at = 0; at + wanted.length <= bytes.length; at += 1024) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    throw new AssertionError("the block is not on the disk");
  }

  @Test
  void anyOnePageIsRecoveredFromItsGroup() throws IOException {
    VolumeImage image = VolumeImage.make();
    for (int page = 0; page < 16; page++) {
      byte[] sound = image.unit(image.pagesUnit() + page).toArray(ValueLayout.JAVA_BYTE);
      image.destroy(image.pagesUnit() + page, 1);
      try (VolumeStore store = image.openReadOnly()) {
        assertThat(image.damagedBlocks(store)).as("without page %d", page).isZero();
      }
      try (VolumeStore store = image.open()) {
        assertThat(image.damagedBlocks(store)).as("without page %d", page).isZero();
      }
      image.disk.overwrite((image.pagesUnit() + page) * UNIT, sound);
    }
  }

  @Test
  void twoDamagedPagesAreNoticedAndRebuilt() throws IOException {
    VolumeImage image = VolumeImage.make();
    image.destroy(image.pagesUnit(), 2);
    try (VolumeStore store = image.openReadOnly()) {
      assertThatExceptionOfType(DamagedVolume.class).isThrownBy(() -> image.damagedBlocks(store));
    }
    long found = VolumeStore.rebuild(image.disk, new Random(3));
    assertThat(found).isEqualTo(image.held.size());
    assertWhole(image);
  }

  @Test
  void rebuildOfASoundVolumeFindsJustWhatIsHeld() throws IOException {
    VolumeImage image = VolumeImage.make();
    assertThat(VolumeStore.rebuild(image.disk, new Random(3))).isEqualTo(image.held.size());
    assertWhole(image);
    try (VolumeStore store = image.openReadOnly()) {
      for (SampleBlock block : image.removed) {
        assertThat(store.contains(block.reference())).isFalse();
      }
      assertThat(image.scrub(store)).isEmpty();
    }
  }

  @Test
  void lostSuperblocksAreMadeAgainFromTheSlots() throws IOException {
    VolumeImage image = VolumeImage.make();
    image.destroy(0, 2);
    assertThatExceptionOfType(DamagedVolume.class).isThrownBy(image::openReadOnly);
    assertThatExceptionOfType(DamagedVolume.class).isThrownBy(image::open);
    VolumeStore.rebuild(image.disk, new Random(3));
    assertWhole(image);
  }

  @Test
  void onlyTheSlotsAreNeeded() throws IOException {
    VolumeImage image = VolumeImage.make();
    long pages = image.pagesUnit();
    image.destroy(image.journalUnit(), VolumeImage.EXTENT / UNIT);
    image.destroy(pages, VolumeImage.EXTENT / UNIT);
    image.destroy(0, 2);
    VolumeStore.rebuild(image.disk, new Random(3));
    assertWhole(image);
  }

  @Test
  void rebuildIsCutAnywhereAndBegunAgain() throws IOException {
    VolumeImage image = VolumeImage.make();
    image.destroy(image.pagesUnit(), 2);
    SimulatedDevice damaged = image.disk.copy();
    VolumeStore.rebuild(damaged, new Random(3));
    long calls = damaged.calls();
    assertThat(calls).isGreaterThan(4);
    for (long call = 0; call < calls; call++) {
      SimulatedDevice disk = image.disk.copy();
      disk.cutAt(call);
      try {
        VolumeStore.rebuild(disk, new Random(3));
      } catch (SimulatedHardware.PowerCut _) {
        // as planned
      }
      SimulatedDevice rebooted = disk.crash(new Random(call));
      VolumeStore.rebuild(rebooted, new Random(4));
      try (VolumeStore store = VolumeStore.openReadOnly(rebooted, "rebuilt")) {
        assertThat(image.damagedBlocks(store)).as("cut at call %d", call).isZero();
      }
    }
  }

  private static void assertWhole(VolumeImage image) throws IOException {
    try (VolumeStore store = image.open()) {
      assertThat(image.damagedBlocks(store)).isZero();
      var fresh = SampleBlock.of(BlockSize.KIB_1, 1_000_000);
      store.put(fresh.reference(), fresh.bytes());
      store.sync();
      assertThat(store.contains(fresh.reference())).isTrue();
    }
    try (VolumeStore store = image.openReadOnly()) {
      assertThat(image.damagedBlocks(store)).isZero();
    }
  }

  @Test
  void somethingElseIsNoVolume() {
    for (int size : new int[] {0, 512, UNIT, 10 * UNIT, VolumeImage.BYTES}) {
      var disk = new SimulatedDevice(512, size);
      byte[] nonsense = new byte[size];
      new Random(size).nextBytes(nonsense);
      disk.overwrite(0, nonsense);
      assertThatExceptionOfType(DamagedVolume.class)
          .isThrownBy(() -> VolumeStore.open(disk, "nonsense", new Random(1)))
          .withMessageContaining("not a volume");
      assertThatExceptionOfType(DamagedVolume.class)
          .isThrownBy(() -> VolumeStore.rebuild(disk, new Random(1)));
      assertThat(disk.writes()).isZero();
    }
  }

  @Test
  void newerVersionIsRefusedWithoutAWrite() throws IOException {
    VolumeImage image = VolumeImage.make();
    MemorySegment unit = image.unit(1);
    unit.set(INT, 8, 2);
    VolumeImage.seal(unit, UNIT, 12);
    image.disk.overwrite(UNIT, unit.toArray(ValueLayout.JAVA_BYTE)); // the first copy is old
    SimulatedDevice disk = image.disk.copy();
    assertThatIOException()
        .isThrownBy(() -> VolumeStore.open(disk, "newer", new Random(1)))
        .withMessageContaining("version 2");
    assertThatIOException().isThrownBy(() -> VolumeStore.openReadOnly(disk, "newer"));
    assertThatIOException().isThrownBy(() -> VolumeStore.rebuild(disk, new Random(1)));
    assertThat(disk.writes()).isZero();
  }

  @Test
  void truncatedVolumeIsRefused() throws IOException {
    VolumeImage image = VolumeImage.make();
    byte[] bytes = Arrays.copyOf(image.disk.bytes(), VolumeImage.BYTES / 2);
    var disk = new SimulatedDevice(512, bytes.length);
    disk.overwrite(0, bytes);
    assertThatExceptionOfType(DamagedVolume.class)
        .isThrownBy(() -> VolumeStore.openReadOnly(disk, "half"))
        .withMessageContaining("524288 bytes, less than the volume's 16 extents");
    assertThatExceptionOfType(DamagedVolume.class)
        .isThrownBy(() -> VolumeStore.open(disk, "half", new Random(1)));
    assertThat(disk.writes()).isZero();
  }

  /// Each field of the superblock in turn, with checksums that agree: an exception of ours or,
  /// where the lie cannot be seen, an answer; nothing else, and soon.
  @Test
  void lyingSuperblockDoesNoHarm() throws IOException {
    VolumeImage sound = VolumeImage.make();
    long refused = 0;
    for (int offset = 32; offset < 144; offset += 4) {
      for (int value :
          new int[] {0, 1, 2, 15, 16, 17, 1 << 14, 1 << 24, 0x7fff_ffff, 0x8000_0000, -1}) {
        VolumeImage image = VolumeImage.make();
        image.lie(offset, value);
        try (VolumeStore store = image.open()) {
          image.damagedBlocks(store);
          store.put(sound.held.getFirst().reference(), sound.held.getFirst().bytes());
          store.sync();
        } catch (IOException _) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(150);
  }

  /// Entries of the index that name places where no block can be.
  @Test
  void lyingIndexIsRefused() throws IOException {
    VolumeImage image = VolumeImage.make();
    MemorySegment page = image.unit(image.pagesUnit());
    Reference reference = Reference.readFrom(page, 16);
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    for (long where :
        new long[] {
          0,
          1,
          -1,
          0x000a_0000_0000_0001L,
          0x000a_ffff_ffff_ffffL,
          0x0aL << 48,
          0x0fL << 48 | 68,
          0x0bL << 48 | 68,
          1L << 56 | 0x0aL << 48 | 68,
          0x0aL << 48 | 1024,
          0x0fL << 48 | 2000
        }) {
      page.set(LONG, 16 + 32, where);
      VolumeImage.seal(page, UNIT, 0);
      image.disk.overwrite(image.pagesUnit() * UNIT, page.toArray(ValueLayout.JAVA_BYTE));
      try (VolumeStore store = image.openReadOnly()) {
        assertThatExceptionOfType(DamagedVolume.class)
            .as("place %x", where)
            .isThrownBy(() -> store.get(reference, target));
      }
    }
  }

  /// Records of the journal that say more than there can be, with checksums that agree.
  @Test
  void lyingJournalDoesNoHarm() throws IOException {
    int refused = 0;
    for (int offset = 16; offset < 144; offset += 4) {
      for (int value : new int[] {0, 1, 1 << 16, 1 << 17, 0x7fff_ffff, 0x8000_0000, -1}) {
        VolumeImage image = VolumeImage.make();
        lieInJournal(image, offset, value);
        try (VolumeStore store = image.open()) {
          image.damagedBlocks(store);
          store.sync();
        } catch (DamagedVolume _) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(20);
  }

  private static void lieInJournal(VolumeImage image, int offset, int value) {
    MemorySegment record = image.unit(image.journalUnit());
    int count = record.get(INT, 36);
    assertThat(count).isBetween(1, 80);
    record.set(INT, offset, value);
    VolumeImage.seal(record, 96 + count * 48, 0);
    for (int half = 0; half < 2; half++) {
      image.disk.overwrite(
          image.journalUnit() * UNIT + half * VolumeImage.EXTENT / 2,
          record.toArray(ValueLayout.JAVA_BYTE));
    }
  }
}
