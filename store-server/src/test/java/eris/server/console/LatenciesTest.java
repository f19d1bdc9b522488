package eris.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
  private final Latencies latencies = new Latencies();
  private final long[] start = latencies.counts();

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 15, 16, 17, 31, 32, 1000, 1L << 40, 1L << 62})
  void oneDurationIsEveryQuantile(long nanos) {
    latencies.record(nanos);
    long[] end = latencies.counts();
    assertThat(Latencies.quantile(0.5, start, end)).isBetween(nanos, nanos + nanos / 8);
    assertThat(Latencies.quantile(0.99, start, end)).isBetween(nanos, nanos + nanos / 8);
  }

  @Test
  void quantilesAreRightToAnEighth() {
    long seed = 7;
    long[] nanos = new Random(seed).longs(10_000, 1_000, 100_000_000).sorted().toArray();
    Arrays.stream(nanos).forEach(latencies::record);
    long[] end = latencies.counts();
    for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 0.999}) {
      double exact = nanos[(int) Math.ceil(share * nanos.length) - 1];
      assertThat((double) Latencies.quantile(share, start, end))
          .isCloseTo(exact, within(exact / 8));
    }
  }

  @Test
  void onlyWhatWasCountedBetweenTwoLooksMatters() {
    latencies.record(1_000_000);
    long[] before = latencies.counts();
    latencies.record(100);
    assertThat(Latencies.quantile(0.99, before, latencies.counts())).isLessThan(120);
  }

  @Test
  void theLongestDurationHasABucket() {
    latencies.record(Long.MAX_VALUE);
    assertThat(Latencies.quantile(1, start, latencies.counts())).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void withoutRequestsThereIsNoQuantile() {
    assertThat(Latencies.quantile(0.5, start, start)).isEqualTo(-1);
  }
}
