package eris.testkit;

import static eris.testkit.Witness.BLOCKS;
import static org.assertj.core.api.Assertions.assertThat;

import eris.store.BlockStore;
import eris.testkit.SimulatedHardware.PowerCut;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Cuts the power at every call, and looks at what a reboot might find.
final class DirectoryStorePowerCutTest {
  private static final int STATES_PER_CUT = 10;

  private interface Workload {
    void run(Witness witness, SimulatedFiles files) throws IOException;
  }

  private static final Map<String, Workload> WORKLOADS =
      Map.of(
          "one session", DirectoryStorePowerCutTest::oneSession,
          "the same blocks again", DirectoryStorePowerCutTest::sameBlocksAgain,
          "two writers", DirectoryStorePowerCutTest::twoWriters);

  private static void oneSession(Witness witness, SimulatedFiles files) throws IOException {
    try (BlockStore store = witness.open(files)) {
      witness.put(store, BLOCKS.get(0), BLOCKS.get(1), BLOCKS.get(24));
      witness.sync(store);
      witness.put(store, BLOCKS.get(1), BLOCKS.get(2));
      witness.sync(store);
      witness.put(store, BLOCKS.get(3));
    }
  }

  private static void sameBlocksAgain(Witness witness, SimulatedFiles files) throws IOException {
    oneSession(witness, files);
    oneSession(witness, files);
  }

  private static void twoWriters(Witness witness, SimulatedFiles files) throws IOException {
    try (BlockStore one = witness.open(files);
        BlockStore two = witness.open(files)) {
      witness.put(one, BLOCKS.get(0), BLOCKS.get(1));
      witness.put(two, BLOCKS.get(1), BLOCKS.get(2));
      witness.sync(one);
      witness.put(two, BLOCKS.get(0));
      witness.sync(two);
      witness.put(one, BLOCKS.get(2), BLOCKS.get(3));
      witness.sync(one);
    }
  }

  @Test
  void scriptedWorkloadsSurviveACutAtEveryCall() throws IOException {
    long cuts = 0;
    for (var workload : WORKLOADS.entrySet()) {
      long calls = callsOf(workload.getValue());
      for (long call = 0; call <= calls; call++) {
        for (int state = 0; state < STATES_PER_CUT; state++) {
          String place = "%s, cut at call %d, state %d".formatted(workload.getKey(), call, state);
          var random = new SplittableRandom(call * STATES_PER_CUT + state);
          cutOnce(workload.getValue(), call, random, place);
          cuts++;
        }
      }
    }
    System.err.println("scripted power cuts: " + cuts);
    assertThat(cuts).isGreaterThan(1_000);
  }

  private static void cutOnce(Workload workload, long call, SplittableRandom random, String place)
      throws IOException {
    var witness = new Witness();
    var files = new SimulatedFiles();
    runUntilCut(workload, witness, files, call);
    explained(place, () -> witness.check(files.crash(random)));
  }

  @Test
  void everyCutOfARecoveryIsRecoveredFrom() throws IOException {
    long cuts = 0;
    long calls = callsOf(DirectoryStorePowerCutTest::oneSession);
    for (long first = 0; first <= calls; first++) {
      for (long second = 0; second <= calls; second++) {
        var random = new SplittableRandom(first * 1_000 + second);
        var witness = new Witness();
        var files = new SimulatedFiles();
        runUntilCut(DirectoryStorePowerCutTest::oneSession, witness, files, first);
        SimulatedFiles rebooted = files.crash(random);
        runUntilCut(DirectoryStorePowerCutTest::oneSession, witness, rebooted, second);
        explained(
            "cuts at calls %d and then %d".formatted(first, second),
            () -> witness.check(rebooted.crash(random)));
        cuts++;
      }
    }
    System.err.println("power cuts after power cuts: " + cuts);
    assertThat(cuts).isGreaterThan(1_000);
  }

  @Test
  void anotherWriterDoesNotTrustWhatAKilledOneLeft() throws IOException {
    long calls = callsOf(DirectoryStorePowerCutTest::oneSession);
    for (long call = 0; call <= calls; call++) {
      for (int state = 0; state < STATES_PER_CUT; state++) {
        var files = new SimulatedFiles();
        runUntilCut(DirectoryStorePowerCutTest::oneSession, new Witness(), files, call);
        files.kill();
        var witness = new Witness();
        oneSession(witness, files);
        SimulatedFiles after = files.crash(new SplittableRandom(call * STATES_PER_CUT + state));
        explained("killed at call " + call + ", state " + state, () -> witness.check(after));
      }
    }
  }

  @Test
  void randomWorkloadsSurvivePowerCuts() {
    randomCuts(5_000);
  }

  @Test
  @Tag("deep")
  void aMillionPowerCuts() {
    randomCuts(1_000_000);
  }

  private static void randomCuts(int count) {
    long synced = 0;
    Long only = Long.getLong("eris.seed");
    for (long seed = 0; seed < count; seed++) {
      synced += replayable(only == null ? seed : only);
    }
    System.err.println("random power cuts: " + count + ", synced blocks: " + synced);
    assertThat(synced).isGreaterThan(count);
  }

  private static int replayable(long seed) {
    try {
      return randomCut(seed);
    } catch (IOException | AssertionError e) {
      throw new AssertionError("replay with -Deris.seed=" + seed, e);
    }
  }

  private static int randomCut(long seed) throws IOException {
    var random = new SplittableRandom(seed);
    var witness = new Witness();
    var files = new SimulatedFiles();
    int generations = random.nextInt(1, 4);
    for (int i = 0; i < generations; i++) {
      long cut = files.calls() + random.nextInt(150);
      runUntilCut((w, f) -> randomWork(w, f, random), witness, files, cut);
      files = files.crash(random);
    }
    witness.check(files);
    return witness.syncedCount();
  }

  private static void randomWork(Witness witness, SimulatedFiles files, SplittableRandom random)
      throws IOException {
    List<BlockStore> stores = List.of(witness.open(files), witness.open(files));
    while (true) { // until the lights go out
      BlockStore store = stores.get(random.nextInt(2));
      switch (random.nextInt(4)) {
        case 0 -> witness.sync(store);
        default -> witness.put(store, BLOCKS.get(random.nextInt(BLOCKS.size())));
      }
    }
  }

  private static long callsOf(Workload workload) throws IOException {
    var files = new SimulatedFiles();
    workload.run(new Witness(), files);
    return files.calls();
  }

  private static void runUntilCut(
      Workload workload, Witness witness, SimulatedFiles files, long call) throws IOException {
    files.cutAt(call);
    try {
      workload.run(witness, files);
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
    } catch (IOException | AssertionError e) {
      throw new AssertionError(place, e);
    }
  }
}
