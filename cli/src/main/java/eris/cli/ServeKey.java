package eris.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What can be set of `eris serve`: in a file by this name, as an option, or in the environment.
enum ServeKey {
  STORE(Change.AT_START),
  HTTP(Change.AT_START),
  HTTPS(Change.AT_START),
  TLS_CERTIFICATE(Change.ANY_TIME),
  TLS_KEY(Change.ANY_TIME),
  TLS_CLIENT_CA(Change.ANY_TIME),
  COAP(Change.AT_START),
  COAP_TCP(Change.AT_START),
  COAPS(Change.AT_START),
  COAPS_KEYS(Change.AT_START),
  COAP_ECHO(Change.AT_START),
  PUT(Change.ANY_TIME),
  CONTENT(Change.ANY_TIME),
  CONSOLE(Change.ANY_TIME),
  ACCESS_LOG(Change.ANY_TIME),
  ACCESS_LOG_FILE(Change.ANY_TIME),
  HOSTS(Change.ANY_TIME),
  ACCESS(Change.AT_START),
  CACHE(Change.AT_START),
  CONNECTIONS(Change.ANY_TIME),
  EVENT_LOOPS(Change.AT_START);

  private final Change change;

  /// When another value counts.
  private enum Change {
    AT_START,
    ANY_TIME
  }

  ServeKey(Change change) {
    this.change = change;
  }

  /// Whether another value counts only for a daemon that starts.
  boolean needsRestart() {
    return change == Change.AT_START;
  }

  /// As in a file of settings.
  String inFile() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// As in the environment.
  String inEnvironment() {
    return this == STORE ? "ERIS_STORE_URL" : "ERIS_" + name();
  }

  static Optional<ServeKey> of(String inFile) {
    return Arrays.stream(values()).filter(key -> key.inFile().equals(inFile)).findFirst();
  }
}
