package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Collections of garbage while others push, publish, change their minds and crash.
final class CollectionRaceTest {
  @Test
  void nobodyLosesABlock() {
    run(20_000);
  }

  @Test
  @Tag("wide")
  void nobodyLosesABlockInAMillionRaces() {
    run(1_000_000);
  }

  /// @param passes with clients at work in their midst
  private static void run(long passes) {
    Long only = Long.getLong("eris.seed");
    long done = 0;
    long steps = 0;
    long crashes = 0;
    long removed = 0;
    long seed = only == null ? 0 : only;
    for (; done < passes; seed++) {
      var race = new CollectionRace(seed);
      try {
        race.run();
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Deris.seed=" + seed, e);
      }
      done += race.passes;
      steps += race.steps;
      crashes += race.crashes;
      removed += race.removed;
    }
    System.err.printf(
        "races: %d passes, %d steps of clients in them, %d crashes, %d blocks removed, seeds to %d%n",
        done, steps, crashes, removed, seed);
    assertThat(removed).isGreaterThan(passes / 50);
    assertThat(crashes).isGreaterThan(passes / 50);
  }
}
