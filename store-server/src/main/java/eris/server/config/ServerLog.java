package eris.server.config;

import java.util.Map;

/// Where the daemon tells its operator what happens. No line has a capability or a key.
@FunctionalInterface
public interface ServerLog {
  /// Says nothing.
  ServerLog SILENT = (_, _, _) -> {};

  /// How much it matters.
  enum Level {
    INFO,
    WARNING,
    ERROR
  }

  /// @param event one of a few fixed words
  /// @param fields what there is to say about it, by name
  void write(Level level, String event, Map<String, ?> fields);

  /// A request was answered, and such lines are wanted.
  default void request(RequestEntry entry) {
    write(Level.INFO, "request", entry.fields());
  }

  /// Something failed that nobody who asked is to blame for.
  default void failure(String event, Throwable failure) {
    write(Level.ERROR, event, Map.of("failure", failure.toString()));
  }
}
