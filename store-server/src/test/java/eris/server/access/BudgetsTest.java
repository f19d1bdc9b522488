package eris.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import eris.server.access.Budgets.Answer;
import eris.stores.Clock;
import eris.stores.WholeFile;
import eris.testkit.SimulatedFiles;
import eris.testkit.SimulatedHardware.PowerCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BudgetsTest {
  private static final Account ALICE =
      new Account("alice", OptionalLong.of(200L << 20), OptionalLong.empty());
  private static final Account BOB =
      new Account("bob", OptionalLong.empty(), OptionalLong.of(1 << 20));

  private final FakeClock clock = new FakeClock();

  @TempDir Path home;

  private static final class FakeClock implements Clock {
    private long now = Long.MAX_VALUE - 5; // soon it overflows

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void pause(Duration duration) {
      now += duration.toNanos();
    }
  }

  private Budgets open() throws IOException {
    return new Budgets(new UsageFile(WholeFile.ofOwner(home.resolve("usage"))), clock);
  }

  @Test
  void quotaIsKeptToTheByte() throws IOException {
    Budgets budgets = open();
    assertThat(budgets.spend(ALICE, (200L << 20) - 1024)).isEqualTo(new Answer.Granted());
    assertThat(budgets.spend(ALICE, 1025)).isEqualTo(new Answer.OverQuota());
    assertThat(budgets.spend(ALICE, 1024)).isEqualTo(new Answer.Granted());
    assertThat(budgets.spend(ALICE, 1)).isEqualTo(new Answer.OverQuota());
    budgets.refund(ALICE, 1024);
    assertThat(budgets.spend(ALICE, 1024)).isEqualTo(new Answer.Granted());
    assertThat(budgets.spend(BOB, 1 << 20)).isEqualTo(new Answer.Granted());
  }

  @Test
  void quotaSurvivesAnOrderlyEndExactly() throws IOException {
    Budgets budgets = open();
    budgets.spend(ALICE, 5000);
    budgets.close();
    assertThat(open().used(ALICE)).isEqualTo(5000);
  }

  /// It ends without [Budgets#close], as if killed, again and again.
  @Test
  void afterACrashNobodyHasMoreThanTheQuota() throws IOException {
    long put = 0;
    for (int crash = 0; crash < 4; crash++) {
      Budgets budgets = open();
      assertThat(budgets.used(ALICE)).isBetween(put, put + (crash * Budgets.AHEAD_BYTES));
      for (int i = 0; i < 5; i++) {
        if (budgets.spend(ALICE, 1 << 20).equals(new Answer.Granted())) {
          put += 1 << 20;
        }
      }
    }
    assertThat(put).isBetween(10L << 20, 200L << 20);
  }

  @Test
  void powerCutAtAnyCallForgetsNothingThatWasPut() throws IOException {
    int calls = 0;
    for (boolean cut = true; cut; calls++) {
      var disk = new SimulatedFiles();
      disk.cutAt(calls);
      long put = 0;
      cut = false;
      try {
        var budgets = new Budgets(new UsageFile(WholeFile.in(disk, "usage")), clock);
        for (int i = 0; i < 4; i++) {
          assertThat(budgets.spend(ALICE, 40 << 20)).isEqualTo(new Answer.Granted());
          put += 40 << 20;
        }
        budgets.close();
      } catch (PowerCut _) {
        cut = true;
      }
      for (int state = 0; state < 20; state++) {
        var left = WholeFile.in(disk.crash(new SplittableRandom(state)), "usage");
        assertThat(new Budgets(new UsageFile(left), clock).used(ALICE))
            .isBetween(put, put + (40 << 20) + Budgets.AHEAD_BYTES);
      }
    }
    assertThat(calls).isGreaterThan(15);
  }

  @Test
  void rateIsKeptOnAverageAndSomeTimeMadeUpFor() throws IOException {
    Budgets budgets = open();
    long begin = clock.now;
    long put = 0;
    int paused = 0;
    while (put < 100 << 20) {
      switch (budgets.spend(BOB, 32768)) {
        case Answer.Granted _ -> put += 32768;
        case Answer.TooFast(Duration pause) -> {
          paused++;
          clock.pause(pause);
        }
        case Answer.OverQuota _ -> throw new AssertionError("there is none");
      }
    }
    assertThat(paused).isPositive();
    assertThat(Duration.ofNanos(clock.now - begin))
        .isBetween(Duration.ofSeconds(89), Duration.ofSeconds(91));
    clock.pause(Duration.ofHours(1));
    for (put = 0; budgets.spend(BOB, 32768).equals(new Answer.Granted()); ) {
      put += 32768;
    }
    assertThat(put).isBetween(9L << 20, 11L << 20);
  }

  @Test
  void damagedUsageIsNotTakenForNone() throws IOException {
    Files.writeString(home.resolve("usage"), "alice lots\n");
    assertThatIOException().isThrownBy(this::open).withMessageContaining("damaged");
  }
}
