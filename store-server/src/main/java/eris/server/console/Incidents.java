package eris.server.console;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What went wrong of late. The same again is counted, not listed again, and what has not happened
/// for longest makes room. Safe for concurrent use.
public final class Incidents {
  private static final int MOST = 32;

  private final InstantSource clock;
  private final Map<Kind, Incident> byKind = new LinkedHashMap<>(); // last is latest

  public Incidents(InstantSource clock) {
    this.clock = clock;
  }

  private record Kind(String event, String detail) {}

  /// @param timeMillis when it last happened
  /// @param count how often it has happened
  record Incident(long timeMillis, String event, String detail, long count) {
    /// As the console tells it.
    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("time", timeMillis);
      fields.put("event", event);
      fields.put("detail", detail);
      fields.put("count", count);
      return fields;
    }
  }

  /// Notes one.
  ///
  /// @param event what was being done, in fixed words
  /// @param detail what was wrong, in fixed words: no reference and no place on this machine
  public synchronized void add(String event, String detail) {
    var kind = new Kind(event, detail);
    Incident before = byKind.remove(kind);
    long count = before == null ? 1 : before.count() + 1;
    byKind.put(kind, new Incident(clock.millis(), event, detail, count));
    if (byKind.size() > MOST) {
      byKind.remove(byKind.keySet().iterator().next());
    }
  }

  /// The latest first.
  synchronized List<Incident> latest() {
    return new ArrayList<>(byKind.values()).reversed();
  }
}
