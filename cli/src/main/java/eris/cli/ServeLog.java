package eris.cli;

import eris.server.config.RequestEntry;
import eris.server.config.ServerLog;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the daemon tells, one line each on standard error: `time level event name=value…`, or the
/// same as JSON. Lines of requests may be written otherwise, and to a file.
final class ServeLog implements ServerLog, AutoCloseable {
  private final Io io;
  private final boolean json;
  private AccessLogSettings access;
  private Optional<PrintStream> file; // guarded by this, as the above

  /// @throws IOException if the file of requests cannot be written to
  ServeLog(Io io, boolean json, AccessLogSettings access) throws IOException {
    this.io = io;
    this.json = json;
    this.access = access;
    file = open(access);
  }

  /// Opens what lines of requests are to be written to. A file is opened anew, even if it has the same
  /// name: whoever moves old logs away does so before.
  ///
  /// @return writes them like that from then on
  /// @throws IOException if the file cannot be written to
  Runnable opened(AccessLogSettings settings) throws IOException {
    Optional<PrintStream> next = open(settings);
    return () -> apply(settings, next);
  }

  private synchronized void apply(AccessLogSettings settings, Optional<PrintStream> next) {
    file.ifPresent(PrintStream::close);
    file = next;
    access = settings;
  }

  private static Optional<PrintStream> open(AccessLogSettings settings) throws IOException {
    if (settings.file().isEmpty()) {
      return Optional.empty();
    }
    var out = new FileOutputStream(settings.file().get().toFile(), true);
    return Optional.of(new PrintStream(out, false, StandardCharsets.UTF_8));
  }

  @Override
  public void write(Level level, String event, Map<String, ?> fields) {
    io.err().println(line(json, Instant.now(), level, event, fields));
  }

  @Override
  public synchronized void request(RequestEntry entry) {
    boolean asJson = access.form() == AccessLogSettings.Form.JSON;
    String line = line(asJson, entry.time(), Level.INFO, "request", entry.fields());
    PrintStream to = file.orElse(io.err());
    to.println(line);
    to.flush();
  }

  @Override
  public synchronized void close() {
    file.ifPresent(PrintStream::close);
    file = Optional.empty();
  }

  private static String line(
      boolean json, Instant time, Level level, String event, Map<String, ?> fields) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("time", time.truncatedTo(ChronoUnit.MILLIS).toString());
    all.put("level", level.name().toLowerCase(Locale.ROOT));
    all.put("event", event);
    all.putAll(fields);
    return Redaction.of(json ? Json.line(all) : text(all));
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
