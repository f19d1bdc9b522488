package eris.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What can be set of `eris serve`: in a file by this name, as an option, or in the environment.
enum ServeKey {
  STORE,
  HTTP,
  HTTPS,
  TLS_CERTIFICATE,
  TLS_KEY,
  TLS_CLIENT_CA,
  COAP,
  COAP_TCP,
  COAPS,
  COAPS_KEYS,
  COAP_ECHO,
  PUT,
  CONSOLE,
  HOSTS,
  ACCESS,
  CACHE,
  CONNECTIONS,
  EVENT_LOOPS;

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
