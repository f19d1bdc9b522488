package eris.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What was set of `eris serve`, each from the strongest place that has it: options, the environment,
/// a file of lines `key = value`, in which blank lines and those that begin with `#` count for
/// nothing.
final class ServeConfig {
  private final Map<ServeKey, Setting> settings = new EnumMap<>(ServeKey.class);

  /// @param place where it was set, for messages
  record Setting(String value, String place) {
    Failure failure(String want) {
      return new Failure(ExitCode.USAGE, "%s: want %s, not '%s'".formatted(place, want, value));
    }
  }

  ServeConfig(Map<ServeKey, String> options, Io io, Optional<Path> file)
      throws IOException, Failure {
    if (file.isPresent()) {
      addFile(file.get());
    }
    for (ServeKey key : ServeKey.values()) {
      io.variable(key.inEnvironment())
          .ifPresent(value -> settings.put(key, new Setting(value, key.inEnvironment())));
    }
    options.forEach((key, value) -> settings.put(key, new Setting(value, "--" + key.inFile())));
  }

  Optional<Setting> get(ServeKey key) {
    return Optional.ofNullable(settings.get(key));
  }

  /// The keys that are set otherwise than in `other`.
  Set<ServeKey> differences(ServeConfig other) {
    Set<ServeKey> different = EnumSet.noneOf(ServeKey.class);
    for (ServeKey key : ServeKey.values()) {
      if (!get(key).map(Setting::value).equals(other.get(key).map(Setting::value))) {
        different.add(key);
      }
    }
    return different;
  }

  private void addFile(Path file) throws IOException, Failure {
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        addLine("%s, line %d".formatted(file, i + 1), line);
      }
    }
  }

  private void addLine(String place, String line) throws Failure {
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw new Failure(ExitCode.USAGE, place + ": want key = value");
    }
    String name = line.substring(0, equals).strip();
    ServeKey key =
        ServeKey.of(name)
            .orElseThrow(
                () -> new Failure(ExitCode.USAGE, "%s: there is no key %s".formatted(place, name)));
    var setting = new Setting(line.substring(equals + 1).strip(), place + ", " + name);
    if (settings.put(key, setting) != null) {
      throw new Failure(ExitCode.USAGE, "%s, %s: it is set twice".formatted(place, name));
    }
  }
}
