package eris.testkit;

import static eris.testkit.VolumeWitness.BLOCKS;
import static eris.testkit.VolumeWitness.LEASED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import eris.BlockSize;
import eris.Reference;
import eris.store.Retention;
import eris.store.StoreException;
import eris.stores.VolumeStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Disks that fail or fill up below a volume.
final class VolumeFaultTest {
  @Test
  void everyFailingCallIsSurvived() throws IOException {
    for (boolean forGood : new boolean[] {false, true}) {
      SimulatedDevice measured = VolumeWitness.disk(512);
      long begin = measured.calls();
      work(new VolumeWitness(), measured);
      for (long call = begin; call < measured.calls(); call++) {
        SimulatedDevice disk = VolumeWitness.disk(512);
        var witness = new VolumeWitness();
        if (forGood) {
          disk.failFrom(call);
        } else {
          disk.failAt(call);
        }
        try {
          work(witness, disk);
        } catch (IOException _) {
          // as planned; what was synced before stays
        }
        witness.check(disk.crash(new Random(call)));
      }
    }
  }

  private static void work(VolumeWitness witness, SimulatedDevice disk) throws IOException {
    try (VolumeStore store = witness.open(disk)) {
      for (int i = 0; i < 24; i++) {
        witness.put(store, BLOCKS.get(i));
        if (i % 2 == 0) {
          witness.sync(store);
        }
        if (i % 3 == 0) {
          witness.remove(store, BLOCKS.get(i));
        }
      }
    }
  }

  @Test
  void afterAFailedFlushNothingIsTaken() throws IOException {
    SimulatedDevice disk = VolumeWitness.disk(512);
    var witness = new VolumeWitness();
    try (VolumeStore store = witness.open(disk)) {
      witness.put(store, BLOCKS.get(0));
      witness.sync(store);
      witness.put(store, BLOCKS.get(1));
      disk.failFlushes();
      assertThatIOException().isThrownBy(store::sync);
      disk.healFlushes();
      long writes = disk.writes();
      assertThatIOException().isThrownBy(store::sync);
      SampleBlock next = BLOCKS.get(2);
      assertThatIOException().isThrownBy(() -> store.put(next.reference(), next.bytes()));
      assertThatIOException().isThrownBy(() -> VolumeWitness.remove(store, next.reference()));
      assertThat(disk.writes()).isEqualTo(writes);
      assertThat(store.contains(BLOCKS.get(0).reference())).isTrue();
    }
    witness.check(disk.crash(new Random(1)));
  }

  @Test
  void afterAFailedFlushOfADocumentNothingIsTaken() throws IOException {
    SimulatedDevice disk = VolumeWitness.disk(512);
    try (VolumeStore store = VolumeStore.open(disk, "simulated", new Random(1))) {
      store.setMetadata(new byte[] {1});
      long calls = disk.calls();
      store.setMetadata(new byte[] {2});
      long last = 2 * disk.calls() - calls - 1;
      disk.watch(() -> failFlushes(disk, last));
      assertThatIOException().isThrownBy(() -> store.setMetadata(new byte[] {3}));
      assertThat(disk.calls()).isEqualTo(last + 1);
      disk.healFlushes();
      SampleBlock next = BLOCKS.get(2);
      assertThatIOException().isThrownBy(() -> put(store, next));
      assertThatIOException().isThrownBy(store::sync);
    }
  }

  private static void failFlushes(SimulatedDevice disk, long call) {
    if (disk.calls() > call) {
      disk.failFlushes();
    }
  }

  @Test
  void fullVolumeIsReadAndFreedAndTakesBlocksAgain() throws IOException {
    SimulatedDevice disk = VolumeWitness.disk(4096);
    try (VolumeStore store = VolumeStore.open(disk, "full", new Random(1))) {
      List<SampleBlock> put = putUntilFull(store, BlockSize.KIB_1, 0);
      assertThat(put).hasSizeGreaterThan(400);
      store.sync();
      assertHeld(store, put);
      assertThatExceptionOfType(StoreException.Full.class)
          .isThrownBy(() -> put(store, SampleBlock.of(BlockSize.KIB_32, 1)));
      for (int i = 0; i < 200; i++) {
        assertThat(VolumeWitness.remove(store, put.get(i).reference())).isTrue();
        if (i % 50 == 0) { // so the journal is full again and again
          store.sync();
        }
      }
      store.sync();
      assertHeld(store, put.subList(200, put.size()));
      List<SampleBlock> more = putUntilFull(store, BlockSize.KIB_1, 10_000);
      assertThat(more).hasSizeGreaterThan(150);
      store.sync();
      assertHeld(store, more);
    }
    try (VolumeStore store = VolumeStore.open(disk, "full", new Random(1))) {
      assertThat(VolumeWitness.remove(store, SampleBlock.of(BlockSize.KIB_1, 10_000).reference()))
          .isTrue();
      store.sync();
    }
  }

  /// Thousands of removals in one journal do not make the next index larger.
  @Test
  void fullVolumeIsEmptiedAndFilledAgain() throws IOException {
    int size = 16 << 20;
    var disk = new SimulatedDevice(4096, size);
    VolumeStore.create(disk, size, LEASED, Clock.systemUTC(), new Random(1));
    try (VolumeStore store = VolumeStore.open(disk, "full", new Random(1))) {
      for (int round = 0; round < 3; round++) {
        List<SampleBlock> put = putUntilFull(store, BlockSize.KIB_1, round * 20_000);
        assertThat(put).hasSizeGreaterThan(12_000);
        store.sync();
        for (SampleBlock block : put) {
          assertThat(VolumeWitness.remove(store, block.reference())).isTrue();
        }
        store.sync();
      }
      assertThat(store.stat().smallBlocks()).isZero();
    }
  }

  /// Its quota is more than the device has, so it is full again and again.
  @Test
  void cacheOnAFullDeviceTakesBlocksAllTheSame() throws IOException {
    var cache = new Retention(Retention.Mode.CACHE, OptionalLong.of(1L << 40));
    for (SimulatedDevice disk : List.of(VolumeWitness.disk(4096), VolumeWitness.file(512))) {
      try (VolumeStore store = VolumeStore.open(disk, "cache", new Random(1))) {
        store.setMetadata(new byte[] {1, 2, 3});
        store.setRetention(cache);
        disk.freeBytes(1 << 19);
        for (int i = 0; i < 800; i++) {
          SampleBlock block = SampleBlock.of(i % 10 == 9 ? BlockSize.KIB_32 : BlockSize.KIB_1, i);
          put(store, block);
          if (i % 7 == 0) {
            store.sync();
            assertHeld(store, List.of(block));
          }
        }
        assertThat(store.stat().usedBytes()).isBetween(100L << 10, 1L << 20);
        assertThat(store.metadata()).containsExactly(1, 2, 3);
      }
      try (VolumeStore store =
          VolumeStore.open(disk.crash(new Random(1)), "cache", new Random(1))) {
        assertThat(store.retention()).isEqualTo(cache);
        assertThat(store.metadata()).containsExactly(1, 2, 3);
        store.forEach(
            Reference.LEAST,
            (reference, size) -> {
              MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
              MemorySegment read = store.get(reference, target).orElseThrow();
              assertThat(Reference.of(read)).isEqualTo(reference);
              assertThat(BlockSize.of(read)).isEqualTo(size);
            });
      }
    }
  }

  @Test
  void documentIsReplacedOnAFullVolume() throws IOException {
    SimulatedDevice disk = VolumeWitness.disk(4096);
    try (VolumeStore store = VolumeStore.open(disk, "full", new Random(1))) {
      store.setMetadata(new byte[1000]);
      putUntilFull(store, BlockSize.KIB_1, 0);
      store.setMetadata(new byte[] {7});
      assertThatExceptionOfType(StoreException.Full.class)
          .isThrownBy(() -> store.setMetadata(new byte[1 << 19]));
      assertThat(store.metadata()).containsExactly(7);
      store.setMetadata(new byte[] {8});
    }
    try (VolumeStore store = VolumeStore.openReadOnly(disk, "full")) {
      assertThat(store.metadata()).containsExactly(8);
    }
  }

  @Test
  void fullFileSystemIsReadAndResumesByItself() throws IOException {
    for (int free = 0; free < 1 << 20; free += 61 * 512) {
      SimulatedDevice file = VolumeWitness.file(512);
      try (VolumeStore store = VolumeStore.open(file, "file", new Random(1))) {
        List<SampleBlock> put = new ArrayList<>(List.of(SampleBlock.of(BlockSize.KIB_32, 7)));
        put(store, put.getFirst());
        store.sync();
        file.freeBytes(free);
        put.addAll(putUntilFull(store, BlockSize.KIB_1, 0));
        store.sync(); // what was taken has its space
        assertHeld(store, put);
        if (!put.isEmpty()) {
          assertThat(VolumeWitness.remove(store, put.getLast().reference())).isTrue();
          put.removeLast();
          store.sync();
        }
        file.freeBytes(1 << 20);
        SampleBlock next = SampleBlock.of(BlockSize.KIB_32, 1);
        put(store, next);
        store.sync();
        put.add(next);
        assertHeld(store, put);
        SimulatedDevice rebooted = file.crash(new Random(free));
        try (VolumeStore again = VolumeStore.openReadOnly(rebooted, "rebooted")) {
          assertHeld(again, put);
        }
      }
    }
  }

  private static List<SampleBlock> putUntilFull(VolumeStore store, BlockSize size, int first)
      throws IOException {
    List<SampleBlock> put = new ArrayList<>();
    for (int i = first; i < first + 20_000; i++) {
      try {
        SampleBlock block = SampleBlock.of(size, i);
        put(store, block);
        put.add(block);
      } catch (StoreException.Full _) {
        return put;
      }
      if (i % 40 == 39) {
        store.sync();
      }
    }
    throw new AssertionError("it never fills up");
  }

  private static void put(VolumeStore store, SampleBlock block) throws IOException {
    store.put(block.reference(), block.bytes());
  }

  private static void assertHeld(VolumeStore store, List<SampleBlock> blocks) throws IOException {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    for (SampleBlock block : blocks) {
      var read = store.get(block.reference(), target);
      assertThat(read).as("block %s", block.reference()).isPresent();
      assertThat(read.get().mismatch(block.bytes())).isEqualTo(-1);
    }
  }

  @Test
  void readOnlyVolumeWritesNothingAndRefusesBlocks() throws IOException {
    SimulatedDevice disk = VolumeWitness.disk(512);
    var witness = new VolumeWitness();
    try (VolumeStore store = witness.open(disk)) {
      witness.put(store, BLOCKS.get(0));
      witness.sync(store);
    }
    SimulatedDevice copy = disk.copy();
    try (VolumeStore store = VolumeStore.openReadOnly(copy, "copy")) {
      witness.checkHeld(store);
      SampleBlock next = BLOCKS.get(1);
      assertThatExceptionOfType(StoreException.ReadOnly.class).isThrownBy(() -> put(store, next));
      assertThatExceptionOfType(StoreException.ReadOnly.class)
          .isThrownBy(() -> VolumeWitness.remove(store, BLOCKS.get(0).reference()));
      store.sync();
    }
    assertThat(copy.calls()).isZero();
  }

  /// A reader goes on through checkpoints that use space anew, and never sees other bytes.
  @Test
  void readerBesideAWriterSeesNothingWrong() throws IOException {
    SimulatedDevice disk = VolumeWitness.disk(512);
    var stays = SampleBlock.of(BlockSize.KIB_1, 77_777);
    try (VolumeStore store = VolumeStore.open(disk, "writer", new Random(1))) {
      put(store, stays);
      store.sync();
      try (VolumeStore reader = VolumeStore.openReadOnly(disk, "reader")) {
        for (int round = 0; round < 50; round++) {
          for (int i = 0; i < 40; i++) {
            put(store, SampleBlock.of(BlockSize.KIB_1, i));
          }
          store.sync();
          for (int i = 0; i < 40; i++) {
            VolumeWitness.remove(store, SampleBlock.of(BlockSize.KIB_1, i).reference());
            store.sync();
            assertHeld(reader, List.of(stays));
            assertRightOrAbsent(reader, SampleBlock.of(BlockSize.KIB_1, i));
          }
          List<Reference> listed = new ArrayList<>();
          reader.forEach(new Reference(0, 0, 0, 0), (reference, _) -> listed.add(reference));
          assertThat(listed).contains(stays.reference()).isSorted();
        }
      }
    }
  }

  private static void assertRightOrAbsent(VolumeStore store, SampleBlock block) throws IOException {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    var read = store.get(block.reference(), target);
    assertThat(read.isEmpty() || read.get().mismatch(block.bytes()) == -1).isTrue();
  }

  @Test
  void volumesOfAllSizesAreMade() throws IOException {
    for (int size : new int[] {6 << 16, (6 << 16) + 4096, 1 << 20, 3 << 20, 64 << 20}) {
      var disk = new SimulatedDevice(4096, size);
      VolumeStore.create(disk, size, LEASED, Clock.systemUTC(), new Random(1));
      try (VolumeStore store = VolumeStore.open(disk, "small", new Random(1))) {
        put(store, SampleBlock.of(BlockSize.KIB_1, 1));
        put(store, SampleBlock.of(BlockSize.KIB_32, 1));
        store.sync();
        assertThat(store.stat().smallBlocks()).isEqualTo(1);
        assertThat(store.stat().largeBlocks()).isEqualTo(1);
        assertThat(store.stat().sizeBytes()).isBetween(size - 65_536L * 16, (long) size);
      }
    }
    assertThatIOException()
        .isThrownBy(
            () ->
                VolumeStore.create(
                    new SimulatedDevice(4096, 5 << 16),
                    5 << 16,
                    LEASED,
                    Clock.systemUTC(),
                    new Random(1)))
        .withMessageContaining("too few");
  }
}
