package eris.bench;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// Measures things against each other: they take turns, sample by sample, so that whatever else the
/// machine does meets all of them.
final class RoundRobin {
  /// The CPU time of this thread, in nanoseconds: what other processes take doesn't count.
  static final LongSupplier THREAD_CPU =
      ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;

  static final int ROUNDS = 5;

  private final LongSupplier clock;
  private final int percentOfRound;
  private final int samplesPerRound;

  private RoundRobin(LongSupplier clock, int percentOfRound, int samplesPerRound) {
    this.clock = clock;
    this.percentOfRound = percentOfRound;
    this.samplesPerRound = samplesPerRound;
  }

  static RoundRobin byThreadCpuTime(int samplesPerRound) {
    return new RoundRobin(THREAD_CPU, 50, samplesPerRound);
  }

  static RoundRobin byWallTime(int samplesPerRound) {
    return new RoundRobin(System::nanoTime, 100, samplesPerRound);
  }

  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /// @param units how much one run of `timed` does
  /// @param prepare runs before each, and is not measured
  record Task(String name, double units, Work prepare, Work timed) {}

  /// The tasks should be warm.
  Map<String, Rate> measure(List<Task> tasks) throws Exception {
    double[][][] samples = new double[tasks.size()][ROUNDS][samplesPerRound];
    for (int round = 0; round < ROUNDS; round++) {
      for (int sample = 0; sample < samplesPerRound; sample++) {
        for (int i = 0; i < samples.length; i++) {
          samples[i][round][sample] = sample(tasks.get(i));
        }
      }
    }
    Map<String, Rate> rates = new LinkedHashMap<>();
    for (int i = 0; i < samples.length; i++) {
      rates.put(tasks.get(i).name(), Rate.of(samples[i], percentOfRound));
    }
    return rates;
  }

  private double sample(Task task) throws Exception {
    task.prepare().run();
    long start = clock.getAsLong();
    task.timed().run();
    return task.units() * 1e9 / Math.max(1, clock.getAsLong() - start);
  }

  /// Runs each task for `millis` of wall time: C2 wants half a second for vectors.
  static void warmUp(List<Task> tasks, long millis) throws Exception {
    for (Task task : tasks) {
      long end = System.nanoTime() + millis * 1_000_000;
      do {
        task.prepare().run();
        task.timed().run();
      } while (System.nanoTime() < end);
    }
  }
}
