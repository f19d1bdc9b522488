package eris.server.blocks;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What was asked by one protocol, and how that was answered. Safe for concurrent use; counting takes
/// no lock and no memory.
public final class RequestCounts {
  /// Upper bounds of the buckets of durations, but for the last, which has none.
  private static final long[] BOUNDS_NANOS = {
    25_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000L,
    10_000_000_000L
  };

  /// The first digit of a status, in HTTP and in CoAP.
  private static final int CLASSES = 6;

  private final Map<Method, Tally> tallies = new EnumMap<>(Method.class);
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder sentBytes = new LongAdder();

  /// What was asked for. Whatever a client makes up is `OTHER`.
  public enum Method {
    GET,
    HEAD,
    PUT,
    POST,
    OTHER
  }

  RequestCounts() {
    for (Method method : Method.values()) {
      tallies.put(method, new Tally());
    }
  }

  /// A request was answered.
  ///
  /// @param statusClass the first digit of the status
  /// @param nanos from its first part to the first part of its answer
  public void answered(Method method, int statusClass, long nanos) {
    tally(method).add(statusClass, nanos);
  }

  /// So much of the body of a request came.
  public void received(long bytes) {
    receivedBytes.add(bytes);
  }

  /// So much of the body of an answer went out.
  public void sent(long bytes) {
    sentBytes.add(bytes);
  }

  /// Of the bodies of requests.
  public long receivedBytes() {
    return receivedBytes.sum();
  }

  /// Of the bodies of answers.
  public long sentBytes() {
    return sentBytes.sum();
  }

  /// How many requests were answered.
  public long count(Method method) {
    return IntStream.range(0, CLASSES).mapToLong(digit -> count(method, digit)).sum();
  }

  /// How many requests were answered with a status of this first digit.
  public long count(Method method, int statusClass) {
    return tally(method).byClass[statusClass].sum();
  }

  /// The bounds, in nanoseconds, of all buckets but the last.
  public static LongStream boundsNanos() {
    return LongStream.of(BOUNDS_NANOS);
  }

  /// How many requests took no longer than each bound and longer than the one before; last, those
  /// that took longer than all.
  public LongStream buckets(Method method) {
    return Arrays.stream(tally(method).byDuration).mapToLong(LongAdder::sum);
  }

  /// How long all requests took together.
  public long totalNanos(Method method) {
    return tally(method).nanos.sum();
  }

  private Tally tally(Method method) {
    return Objects.requireNonNull(tallies.get(method));
  }

  private static final class Tally {
    private final LongAdder[] byClass = adders(CLASSES);
    private final LongAdder[] byDuration = adders(BOUNDS_NANOS.length + 1);
    private final LongAdder nanos = new LongAdder();

    private void add(int statusClass, long duration) {
      byClass[statusClass].increment();
      int bucket = 0;
      while (bucket < BOUNDS_NANOS.length && duration > BOUNDS_NANOS[bucket]) {
        bucket++;
      }
      byDuration[bucket].increment();
      nanos.add(duration);
    }

    private static LongAdder[] adders(int count) {
      return IntStream.range(0, count).mapToObj(_ -> new LongAdder()).toArray(LongAdder[]::new);
    }
  }
}
