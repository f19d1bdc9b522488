package eris.cli;

import eris.server.config.ServerLog;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What the daemon tells, one line each on standard error: `time level event name=value…`, or the
/// same as JSON.
final class ServeLog implements ServerLog {
  private final Io io;
  private final boolean json;

  ServeLog(Io io, boolean json) {
    this.io = io;
    this.json = json;
  }

  @Override
  public void write(Level level, String event, Map<String, ?> fields) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    all.put("level", level.name().toLowerCase(Locale.ROOT));
    all.put("event", event);
    all.putAll(fields);
    io.err().println(Redaction.of(json ? Json.line(all) : text(all)));
  }

  private static String text(Map<String, Object> fields) {
    var line = new StringBuilder();
    fields.forEach(
        (name, value) -> {
          boolean plain = line.length() == 0 || name.equals("level") || name.equals("event");
          line.append(line.length() == 0 ? "" : " ").append(plain ? "" : name + "=");
          String text = String.valueOf(value);
          line.append(text.matches("[^\\s\"]+") ? text : Json.text(text));
        });
    return line.toString();
  }
}
