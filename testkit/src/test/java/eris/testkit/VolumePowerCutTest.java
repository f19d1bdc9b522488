package eris.testkit;

import static eris.testkit.VolumeWitness.BLOCKS;
import static org.assertj.core.api.Assertions.assertThat;

import eris.store.Retention;
import eris.stores.VolumeStore;
import eris.testkit.SimulatedHardware.PowerCut;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Cuts the power at every call, and looks at what a reboot might find.
final class VolumePowerCutTest {
  private static final int[] SECTOR_BYTES = {512, 4096};

  private interface Workload {
    void run(VolumeWitness witness, SimulatedDevice disk) throws IOException;
  }

  private interface Disk {
    SimulatedDevice of(int sectorBytes);
  }

  private static final Map<String, Disk> DISKS =
      Map.of("disk", VolumeWitness::disk, "file", VolumeWitness::file);

  private static final Map<String, Workload> WORKLOADS =
      Map.of(
          "one session", VolumePowerCutTest::oneSession,
          "the same blocks again", VolumePowerCutTest::sameBlocksAgain,
          "a block at a time", VolumePowerCutTest::blockAtATime,
          "slots used anew", VolumePowerCutTest::slotsUsedAnew,
          "trash", VolumePowerCutTest::trash,
          "documents", VolumePowerCutTest::documents);

  private static void oneSession(VolumeWitness witness, SimulatedDevice disk) throws IOException {
    try (VolumeStore store = witness.open(disk)) {
      witness.put(store, BLOCKS.get(0), BLOCKS.get(1), BLOCKS.get(40));
      witness.sync(store);
      witness.put(store, BLOCKS.get(1), BLOCKS.get(2));
      witness.remove(store, BLOCKS.get(0));
      witness.sync(store);
      witness.put(store, BLOCKS.get(3));
    }
  }

  private static void sameBlocksAgain(VolumeWitness witness, SimulatedDevice disk)
      throws IOException {
    oneSession(witness, disk);
    witness.reconcile(disk); // the last put was not synced
    oneSession(witness, disk);
  }

  /// Fills the journal, so that there are checkpoints.
  private static void blockAtATime(VolumeWitness witness, SimulatedDevice disk) throws IOException {
    try (VolumeStore store = witness.open(disk)) {
      for (int i = 0; i < 20; i++) {
        witness.put(store, BLOCKS.get(i));
        witness.sync(store);
      }
    }
  }

  private static void slotsUsedAnew(VolumeWitness witness, SimulatedDevice disk)
      throws IOException {
    try (VolumeStore store = witness.open(disk)) {
      for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 12; i++) {
          witness.put(store, BLOCKS.get(round * 8 + i));
        }
        witness.put(store, BLOCKS.get(40 + round % 3));
        witness.sync(store);
        for (int i = 0; i < 8; i++) {
          witness.remove(store, BLOCKS.get(round * 8 + i));
          if (i % 2 == 0) {
            witness.sync(store);
          }
        }
        witness.remove(store, BLOCKS.get(40 + round % 3));
        witness.sync(store);
      }
    }
  }

  private static void trash(VolumeWitness witness, SimulatedDevice disk) throws IOException {
    try (VolumeStore store = witness.open(disk)) {
      for (int i = 0; i < 9; i++) {
        witness.put(store, BLOCKS.get(i));
        if (i % 3 == 0) {
          witness.sync(store);
        }
        witness.trash(store, BLOCKS.get(i));
      }
      witness.sync(store);
      witness.restore(store, BLOCKS.get(0));
      witness.put(store, BLOCKS.get(1), BLOCKS.get(2));
      witness.free(store, BLOCKS.get(3));
      witness.rot(store, BLOCKS.get(0), disk);
      witness.free(store, BLOCKS.get(4));
      witness.sync(store);
      witness.put(store, BLOCKS.get(0), BLOCKS.get(3));
      witness.sync(store);
    }
  }

  /// Of more and more bytes, so that now and then it needs another place.
  private static void documents(VolumeWitness witness, SimulatedDevice disk) throws IOException {
    try (VolumeStore store = witness.open(disk)) {
      for (int i = 0; i < 5; i++) {
        witness.put(store, BLOCKS.get(i));
        byte[] document = new byte[(9 << 10) * i];
        Arrays.fill(document, (byte) i);
        witness.setDocument(store, document);
        witness.setDocument(store, document.clone()); // the superblock says so already
      }
    }
  }

  @Test
  void scriptedWorkloadsSurviveACutAtEveryCall() throws IOException {
    assertThat(scriptedCuts(2)).isGreaterThan(1_000);
  }

  @Test
  @Tag("wide")
  void scriptedWorkloadsSurviveManyCutsAtEveryCall() throws IOException {
    assertThat(scriptedCuts(40)).isGreaterThan(10_000);
  }

  private static long scriptedCuts(int imagesPerCall) throws IOException {
    var cuts = new PowerCuts(new SplittableRandom(1), imagesPerCall);
    for (var disk : DISKS.entrySet()) {
      for (int sectorBytes : SECTOR_BYTES) {
        for (var workload : WORKLOADS.entrySet()) {
          var witness = new VolumeWitness();
          SimulatedDevice device = disk.getValue().of(sectorBytes);
          cuts.at(
              "%s of %d, %s".formatted(disk.getKey(), sectorBytes, workload.getKey()),
              device,
              image -> new VolumeWitness(witness).check(image));
          workload.getValue().run(witness, device);
        }
      }
    }
    System.err.println("scripted power cuts of a volume: " + cuts.count());
    return cuts.count();
  }

  /// It is of a new generation, and lacks only a sector of zeros, which the old one has too.
  @Test
  void tornSuperblockIsNotCompletedByItsRepair() throws IOException {
    SimulatedDevice disk = VolumeWitness.disk(512);
    byte[] older = disk.bytes();
    try (VolumeStore store = VolumeStore.open(disk, "simulated", new SplittableRandom(1))) {
      store.setRetention(Retention.FOREVER);
    }
    disk.overwrite(4096, Arrays.copyOf(older, 4096));
    disk.overwrite(1024, new byte[] {1});
    assertThat(retention(disk)).isEqualTo(VolumeWitness.LEASED);
    var cuts = new PowerCuts(new SplittableRandom(3), 2_000);
    cuts.at("repair", disk, image -> assertThat(retention(image)).isEqualTo(VolumeWitness.LEASED));
    new VolumeWitness().open(disk).close();
    assertThat(cuts.count()).isGreaterThan(1_000);
  }

  /// It removes a block, and lacks only a sector that the record in its place has too.
  @Test
  void tornRecordIsNotCompletedByTheNextOne() throws IOException {
    SimulatedDevice disk = VolumeWitness.disk(512);
    var witness = new VolumeWitness();
    SampleBlock removed = BLOCKS.get(0);
    VolumeStore dead = witness.open(disk);
    witness.put(dead, BLOCKS.subList(0, 4).toArray(SampleBlock[]::new)); // a unit
    witness.sync(dead);
    VolumeWitness.remove(dead, removed.reference());
    new VolumeWitness().put(dead, BLOCKS.subList(4, 30).toArray(SampleBlock[]::new));
    dead.sync();
    for (int half = 0; half < 2; half++) {
      disk.overwrite((1 << 16) + (half << 15) + 4096 + 1024, new byte[] {1});
    }
    witness.reconcile(disk);
    assertThat(witness.isHeld(removed)).isTrue();
    var cuts = new PowerCuts(new SplittableRandom(4), 60);
    cuts.at("next record", disk, image -> new VolumeWitness(witness).check(image));
    try (VolumeStore store = witness.open(disk)) {
      witness.put(store, BLOCKS.get(40), BLOCKS.get(41));
      witness.put(store, BLOCKS.subList(4, 30).toArray(SampleBlock[]::new));
      witness.sync(store);
    }
    assertThat(cuts.count()).isGreaterThan(300);
  }

  private static Retention retention(SimulatedDevice disk) throws IOException {
    try (VolumeStore store = VolumeStore.openReadOnly(disk, "simulated")) {
      return store.retention();
    }
  }

  @Test
  void everyCutOfARecoveryIsRecoveredFrom() throws IOException {
    assertThat(cutsOfRecovery(1)).isGreaterThan(1_500);
  }

  @Test
  @Tag("wide")
  void everyCutOfARecoveryIsRecoveredFromManyTimes() throws IOException {
    assertThat(cutsOfRecovery(10)).isGreaterThan(15_000);
  }

  /// At each call of a session, and then at each call of the next one.
  private static long cutsOfRecovery(int imagesPerCall) throws IOException {
    var random = new SplittableRandom(2);
    var first = new PowerCuts(random, imagesPerCall);
    var second = new PowerCuts(random, 1);
    for (int sectorBytes : SECTOR_BYTES) {
      var witness = new VolumeWitness();
      SimulatedDevice disk = VolumeWitness.disk(sectorBytes);
      first.at(
          "disk of " + sectorBytes,
          disk,
          image -> {
            var survivor = new VolumeWitness(witness);
            survivor.reconcile(image);
            second.at("then", image, next -> new VolumeWitness(survivor).check(next));
            oneSession(survivor, image);
          });
      slotsUsedAnew(witness, disk);
    }
    System.err.println("power cuts of a volume after power cuts: " + second.count());
    return second.count();
  }

  @Test
  void randomWorkloadsSurvivePowerCuts() {
    randomCuts(3_000);
  }

  @Test
  @Tag("wide")
  void randomWorkloadsSurvive100000PowerCuts() {
    randomCuts(100_000);
  }

  @Test
  @Tag("deep")
  void randomWorkloadsSurviveTenMillionPowerCuts() {
    randomCuts(10_000_000);
  }

  private static void randomCuts(long wanted) {
    Long only = Long.getLong("eris.seed");
    if (only != null) {
      new RandomRun(only).go();
      return;
    }
    long cuts = 0;
    long acknowledged = 0;
    long seed = 0;
    while (cuts < wanted) {
      var run = new RandomRun(seed++);
      run.go();
      cuts += run.cuts();
      acknowledged += run.acknowledged();
    }
    System.err.printf(
        "random power cuts of a volume: %d, in %d runs, blocks held at syncs: %d%n",
        cuts, seed, acknowledged);
    assertThat(acknowledged).isGreaterThan(cuts);
  }

  /// A volume that lives through a few power cuts, and at each call what others would have left.
  private static final class RandomRun {
    private static final int IMAGES_PER_CALL = 2;
    private static final int MOST_CALLS = 120;

    private final long seed;
    private final SplittableRandom random;
    private final PowerCuts cuts;
    private final VolumeWitness witness = new VolumeWitness();

    RandomRun(long seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      this.cuts = new PowerCuts(random.split(), IMAGES_PER_CALL);
    }

    void go() {
      try {
        SimulatedDevice disk = VolumeWitness.anyDisk(random);
        int generations = random.nextInt(1, 4);
        for (int i = 0; i < generations; i++) {
          disk = generation(disk);
        }
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Deris.seed=" + seed, e);
      }
    }

    /// @return what is left of the disk
    private SimulatedDevice generation(SimulatedDevice disk) throws IOException {
      cuts.at("random work", disk, image -> new VolumeWitness(witness).check(image));
      disk.cutAt(random.nextInt(MOST_CALLS));
      try {
        work(disk);
      } catch (PowerCut _) {
        // as planned
      }
      SimulatedDevice after = disk.crash(random);
      witness.reconcile(after);
      return after;
    }

    private void work(SimulatedDevice disk) throws IOException {
      VolumeStore store = witness.open(disk);
      while (true) { // until the lights go out
        SampleBlock block = BLOCKS.get(random.nextInt(BLOCKS.size()));
        switch (random.nextInt(24)) {
          case 0, 1, 2, 3, 4 -> witness.sync(store);
          case 5, 6, 7 -> witness.remove(store, block);
          case 8, 9 -> witness.trash(store, block);
          case 10 -> witness.free(store, block);
          case 11 -> witness.restore(store, block);
          case 12 -> witness.rot(store, block, disk);
          case 13 -> witness.setDocument(store, new byte[random.nextInt(200)]);
          default -> witness.put(store, block);
        }
      }
    }

    long cuts() {
      return cuts.count();
    }

    /// Blocks held at syncs, summed up.
    long acknowledged() {
      return witness.acknowledged();
    }
  }
}
