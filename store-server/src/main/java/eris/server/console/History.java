package eris.server.console;

import eris.server.console.Traffic.Counts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

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

  /// As the console tells it: arrays of equal length; what is not known is null.
  synchronized Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("everyMillis", EVERY_MILLIS);
    fields.put("end", endMillis);
    fields.put("gets", values(Sample::gets));
    fields.put("puts", values(Sample::puts));
    fields.put("p50Micros", values(sample -> micros(sample.p50Nanos())));
    fields.put("p99Micros", values(sample -> micros(sample.p99Nanos())));
    fields.put("storedBytes", values(Sample::storedBytes));
    return fields;
  }

  private @Nullable Long[] values(ToLongFunction<Sample> value) {
    @Nullable Long[] values = new Long[MOST];
    int next = MOST - samples.size(); // what was before the start
    for (Sample sample : samples) {
      long known = value.applyAsLong(sample);
      values[next++] = known < 0 ? null : known;
    }
    return values;
  }

  private static long micros(long nanos) {
    return nanos < 0 ? -1 : Math.max(1, nanos / 1000);
  }
}
