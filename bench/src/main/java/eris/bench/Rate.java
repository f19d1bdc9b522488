package eris.bench;

import java.util.Arrays;

/// How fast something was, in units per second.
///
/// @param best the best of the rounds
/// @param median of all samples
/// @param spread of the samples, half the distance of the 10th and the 90th percentile, as a
///     fraction of the median
record Rate(double best, double median, double spread) {
  /// @param samples by round
  /// @param percentOfRound the percentile by which a round counts. 50 for CPU time, where a single
  ///     sample can be wrong to both sides; 100 for wall time, which other programs only lengthen
  static Rate of(double[][] samples, int percentOfRound) {
    double best =
        Arrays.stream(samples)
            .mapToDouble(round -> percentile(round, percentOfRound))
            .max()
            .orElse(Double.NaN);
    double[] all = Arrays.stream(samples).flatMapToDouble(Arrays::stream).toArray();
    double median = percentile(all, 50);
    return new Rate(best, median, (percentile(all, 90) - percentile(all, 10)) / 2 / median);
  }

  private static double percentile(double[] values, int percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) * percent / 100];
  }
}
