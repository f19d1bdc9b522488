package eris.testkit;

import static eris.testkit.VolumeWitness.BLOCKS;
import static org.assertj.core.api.Assertions.assertThat;

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
    SimulatedDevice of(int sectorBytes) throws IOException;
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

  private static long scriptedCuts(int statesPerCut) throws IOException {
    long cuts = 0;
    for (var disk : DISKS.entrySet()) {
      for (int sectorBytes : SECTOR_BYTES) {
        for (var workload : WORKLOADS.entrySet()) {
          long first = disk.getValue().of(sectorBytes).calls();
          long calls = callsOf(workload.getValue(), disk.getValue().of(sectorBytes));
          for (long call = first; call <= calls; call++) {
            for (int state = 0; state < statesPerCut; state++) {
              String place =
                  "%s of %d, %s, cut at call %d, state %d"
                      .formatted(disk.getKey(), sectorBytes, workload.getKey(), call, state);
              var random = new SplittableRandom(call * statesPerCut + state);
              var witness = new VolumeWitness();
              SimulatedDevice device = disk.getValue().of(sectorBytes);
              runUntilCut(workload.getValue(), witness, device, call);
              explained(place, () -> witness.check(device.crash(random)));
              cuts++;
            }
          }
        }
      }
    }
    System.err.println("scripted power cuts of a volume: " + cuts);
    return cuts;
  }

  @Test
  void everyCutOfARecoveryIsRecoveredFrom() throws IOException {
    assertThat(cutsOfRecovery(3)).isGreaterThan(500);
  }

  @Test
  @Tag("wide")
  void everyCutOfARecoveryIsRecoveredFromManyTimes() throws IOException {
    assertThat(cutsOfRecovery(1)).isGreaterThan(2_000);
  }

  /// @param step 1 for each call of the first session
  private static long cutsOfRecovery(int step) throws IOException {
    long cuts = 0;
    for (int sectorBytes : SECTOR_BYTES) {
      long begin = VolumeWitness.disk(sectorBytes).calls();
      long calls = callsOf(VolumePowerCutTest::slotsUsedAnew, VolumeWitness.disk(sectorBytes));
      for (long first = begin; first <= calls; first += step) {
        for (long second = 0; second < 14; second++) {
          var random = new SplittableRandom(first * 1_000 + second);
          var witness = new VolumeWitness();
          SimulatedDevice disk = VolumeWitness.disk(sectorBytes);
          runUntilCut(VolumePowerCutTest::slotsUsedAnew, witness, disk, first);
          SimulatedDevice rebooted = disk.crash(random);
          String place = "cuts at calls %d and then %d".formatted(first, second);
          long cut = second;
          explained(
              place,
              () -> {
                witness.reconcile(rebooted);
                runUntilCut(VolumePowerCutTest::oneSession, witness, rebooted, cut);
                witness.check(rebooted.crash(random));
              });
          cuts++;
        }
      }
    }
    System.err.println("power cuts of a volume after power cuts: " + cuts);
    return cuts;
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

  private static void randomCuts(int count) {
    long acknowledged = 0;
    Long only = Long.getLong("eris.seed");
    for (long seed = 0; seed < count; seed++) {
      acknowledged += replayable(only == null ? seed : only);
    }
    System.err.printf(
        "random power cuts of a volume: %d, blocks held at syncs: %d%n", count, acknowledged);
    assertThat(acknowledged).isGreaterThan(count);
  }

  private static long replayable(long seed) {
    try {
      return randomCut(seed);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError("replay with -Deris.seed=" + seed, e);
    }
  }

  private static long randomCut(long seed) throws IOException {
    var random = new SplittableRandom(seed);
    var witness = new VolumeWitness();
    int sectorBytes = SECTOR_BYTES[random.nextInt(2)];
    SimulatedDevice disk =
        random.nextBoolean() ? VolumeWitness.disk(sectorBytes) : VolumeWitness.file(sectorBytes);
    int generations = random.nextInt(1, 4);
    for (int i = 0; i < generations; i++) {
      long cut = disk.calls() + random.nextInt(120);
      runUntilCut((w, d) -> randomWork(w, d, random), witness, disk, cut);
      disk = disk.crash(random);
      witness.reconcile(disk);
    }
    witness.check(disk);
    return witness.acknowledged();
  }

  private static void randomWork(
      VolumeWitness witness, SimulatedDevice disk, SplittableRandom random) throws IOException {
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

  private static long callsOf(Workload workload, SimulatedDevice disk) throws IOException {
    workload.run(new VolumeWitness(), disk);
    return disk.calls();
  }

  private static void runUntilCut(
      Workload workload, VolumeWitness witness, SimulatedDevice disk, long call)
      throws IOException {
    disk.cutAt(call);
    try {
      workload.run(witness, disk);
    } catch (PowerCut _) {
      // as planned
    }
  }

  private interface Check {
    void run() throws IOException;
  }

  private static void explained(String place, Check check) {
    try {
      check.run();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(place, e);
    }
  }
}
