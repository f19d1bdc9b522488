package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.store.Retention;
import eris.stores.VolumeStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Cuts the power at every call while a cache lets go of blocks, and at every call of what follows.
///
/// Each put is synced, and what a cache evicts depends on nothing else: so a first run tells what is
/// held after each of them, and what may be found after a cut in the second.
final class VolumeEvictionCutTest {
  private static final int VOLUME_BYTES = 10 << 16;
  private static final int PUTS = 60;
  private static final int ASKED_FOR = 3; // a block that is read each time, and so stays
  private static final SampleBlock FRESH = SampleBlock.of(BlockSize.KIB_1, 1_000_000);
  private static final List<SampleBlock> BLOCKS = blocks();

  private static List<SampleBlock> blocks() {
    List<SampleBlock> blocks = new ArrayList<>();
    for (int i = 0; i < PUTS; i++) {
      blocks.add(SampleBlock.of(i % 8 == 7 ? BlockSize.KIB_32 : BlockSize.KIB_1, i));
    }
    return blocks;
  }

  @Test
  void cutsOfAnEvictionBecauseOfTheQuotaAreSurvived() throws IOException {
    assertThat(cuts(60_000, 2)).isGreaterThan(100);
  }

  @Test
  void cutsOfAnEvictionBecauseTheDeviceIsFullAreSurvived() throws IOException {
    assertThat(cuts(1L << 40, 2)).isGreaterThan(100);
  }

  @Test
  @Tag("wide")
  void manyCutsOfEvictionsAreSurvived() throws IOException {
    assertThat(cuts(60_000, 40) + cuts(1L << 40, 40)).isGreaterThan(5_000);
  }

  private static long cuts(long quotaBytes, int imagesPerCall) throws IOException {
    long count = 0;
    for (int sectorBytes : new int[] {512, 4096}) {
      SimulatedDevice disk = cache(sectorBytes, quotaBytes);
      List<Set<Reference>> held = heldAfterEachPut(disk.copy());
      count += cuts(disk, held, imagesPerCall);
    }
    System.err.printf("power cuts of evictions with a quota of %d: %d%n", quotaBytes, count);
    return count;
  }

  private static SimulatedDevice cache(int sectorBytes, long quotaBytes) throws IOException {
    var disk = new SimulatedDevice(sectorBytes, VOLUME_BYTES);
    var retention = new Retention(Retention.Mode.CACHE, OptionalLong.of(quotaBytes));
    VolumeStore.create(disk, VOLUME_BYTES, retention, Clock.systemUTC(), new Random(1));
    return disk;
  }

  private static List<Set<Reference>> heldAfterEachPut(SimulatedDevice disk) throws IOException {
    List<Set<Reference>> held = new ArrayList<>();
    int evictions = 0;
    try (VolumeStore store = open(disk)) {
      for (SampleBlock block : BLOCKS) {
        putAndSync(store, block);
        Set<Reference> now = heldOn(disk);
        held.add(now);
        evictions += evicts(held.size() - 1, held) ? 1 : 0;
      }
    }
    assertThat(evictions).isGreaterThan(1);
    return held;
  }

  private static boolean evicts(int put, List<Set<Reference>> held) {
    return put > 0 && !held.get(put).containsAll(held.get(put - 1));
  }

  private static long cuts(SimulatedDevice disk, List<Set<Reference>> held, int imagesPerCall)
      throws IOException {
    var random = new SplittableRandom(1);
    var cuts = new PowerCuts(random, imagesPerCall);
    var afterwards = new PowerCuts(random, 1);
    try (VolumeStore store = open(disk)) {
      for (int i = 0; i < BLOCKS.size(); i++) {
        if (evicts(i, held)) {
          int put = i;
          cuts.at(
              "put " + i,
              disk,
              image -> {
                checkEviction(heldOn(image), put, held);
                checkOpening(image, afterwards);
              });
        } else {
          disk.watch(() -> {});
        }
        putAndSync(store, BLOCKS.get(i));
        assertThat(heldOn(disk)).isEqualTo(held.get(i));
      }
    }
    return cuts.count() + afterwards.count();
  }

  /// What was there before, less some of what goes for this put; or what is there after it.
  private static void checkEviction(Set<Reference> found, int put, List<Set<Reference>> held) {
    Set<Reference> after = held.get(put);
    Set<Reference> stays = new HashSet<>(after);
    stays.remove(BLOCKS.get(put).reference());
    boolean before = found.containsAll(stays) && held.get(put - 1).containsAll(found);
    assertThat(before || found.equals(after)).isTrue();
  }

  private static void checkOpening(SimulatedDevice image, PowerCuts afterwards) throws IOException {
    Set<Reference> found = heldOn(image);
    Set<Reference> more = new HashSet<>(found);
    more.add(FRESH.reference());
    afterwards.at("opened", image, next -> assertThat(heldOn(next)).isEqualTo(found));
    try (VolumeStore store = open(image)) {
      image.watch(() -> {});
      assertThat(heldOn(image)).isEqualTo(found);
      store.put(FRESH.reference(), FRESH.bytes());
      store.sync();
      assertThat(store.contains(FRESH.reference())).isTrue();
    }
    assertThat(more).containsAll(heldOn(image)); // there may have been no room
  }

  private static VolumeStore open(SimulatedDevice disk) throws IOException {
    return VolumeStore.open(disk, "cache", new Random(2));
  }

  private static void putAndSync(VolumeStore store, SampleBlock block) throws IOException {
    store.put(block.reference(), block.bytes());
    store.sync();
    store.get(BLOCKS.get(ASKED_FOR).reference(), target());
  }

  /// Asked of a reader, for what the writer is asked for stays.
  private static Set<Reference> heldOn(SimulatedDevice disk) throws IOException {
    try (VolumeStore store = VolumeStore.openReadOnly(disk, "cache")) {
      return held(store);
    }
  }

  /// What a store holds, each block verified, and says that it holds.
  private static Set<Reference> held(VolumeStore store) throws IOException {
    Set<Reference> held = new HashSet<>();
    MemorySegment target = target();
    long[] bytes = {0};
    store.forEach(
        Reference.LEAST,
        (reference, size) -> {
          MemorySegment block = store.get(reference, target).orElseThrow();
          assertThat(Reference.of(block)).isEqualTo(reference);
          held.add(reference);
          bytes[0] += size.bytes();
        });
    assertThat(store.stat().usedBytes()).isEqualTo(bytes[0]);
    return held;
  }

  private static MemorySegment target() {
    return MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
  }
}
