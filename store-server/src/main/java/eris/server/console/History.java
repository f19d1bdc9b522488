package eris.server.console;

import eris.server.console.Traffic.Counts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/// What the charts show: the last ten minutes, in equal steps. Safe for concurrent use.
final class History {
  static final int EVERY_MILLIS = 2000;
  private static final int MOST = 301;

  private final Deque<Sample> samples = new ArrayDeque<>(MOST + 1);
  private Counts last;
  private long endMillis;

  /// What happened within one step; -1 where nothing is known.
  private record Sample(long gets, long puts, long p50Nanos, long p99Nanos, long storedBytes) {}

  History(Counts start, long startMillis) {
    last = start;
    endMillis = startMillis;
  }

  /// Ends a step.
  synchronized void add(Counts now, OptionalLong storedBytes, long nowMillis) {
    samples.add(
        new Sample(
            now.gets() - last.gets(),
            now.puts() - last.puts(),
            Latencies.quantile(0.5, last.latencies(), now.latencies()),
            Latencies.quantile(0.99, last.latencies(), now.latencies()),
            storedBytes.orElse(-1)));
    if (samples.size() > MOST) {
      samples.remove();
    }
    last = now;
    endMillis = nowMillis;
  }

  /// As arrays of equal length; what was before the start is null.
  synchronized void writeTo(Json json) {
    json.field("everyMillis", EVERY_MILLIS).field("end", endMillis);
    write(json, "gets", Sample::gets);
    write(json, "puts", Sample::puts);
    write(json, "p50Micros", sample -> micros(sample.p50Nanos()));
    write(json, "p99Micros", sample -> micros(sample.p99Nanos()));
    write(json, "storedBytes", Sample::storedBytes);
  }

  private void write(Json json, String name, ToLongFunction<Sample> value) {
    json.beginArray(name);
    for (int i = samples.size(); i < MOST; i++) {
      json.element(-1);
    }
    for (Sample sample : samples) {
      json.element(value.applyAsLong(sample));
    }
    json.endArray();
  }

  private static long micros(long nanos) {
    return nanos < 0 ? -1 : Math.max(1, nanos / 1000);
  }
}
