package eris.image.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `readelf` says of files, many in one run.
final class Readelf {
  private static final int BATCH = 200;
  private static final Pattern FACT =
      Pattern.compile(
          "\\((NEEDED|SONAME|RPATH|RUNPATH)\\)\\s+[A-Za-z ]+: \\[(.*)]$"
              + "|\\[(Requesting program interpreter): (.*)]$");
  private static final Pattern VERSION_FILE =
      Pattern.compile("^  [0x]*[0-9a-f]+: Version: 1  File: (\\S+)  Cnt: \\d+$");
  private static final Pattern VERSION =
      Pattern.compile("^  [0x]*[0-9a-f]+:   Name: (\\S+)  Flags:");

  /// What is known of a file.
  static final class Facts {
    final List<String> needed = new ArrayList<>();
    final List<VersionNeed> versions = new ArrayList<>();
    Optional<String> soname = Optional.empty();
    Optional<String> rpath = Optional.empty();
    Optional<String> runpath = Optional.empty();
    Optional<String> interpreter = Optional.empty();
    boolean isDynamic = true;

    private void take(String line) {
      Matcher fact = FACT.matcher(line);
      if (line.startsWith("There is no dynamic section in this file")) {
        isDynamic = false;
      } else if (fact.find()) {
        takeFact(fact);
      } else {
        takeVersion(line);
      }
    }

    private void takeFact(Matcher fact) {
      switch (Optional.ofNullable(fact.group(1)).orElse("")) {
        case "NEEDED" -> needed.add(fact.group(2));
        case "SONAME" -> soname = Optional.of(fact.group(2));
        case "RPATH" -> rpath = Optional.of(fact.group(2));
        case "RUNPATH" -> runpath = Optional.of(fact.group(2));
        default -> interpreter = Optional.of(fact.group(4));
      }
    }

    private void takeVersion(String line) {
      Matcher file = VERSION_FILE.matcher(line);
      Matcher version = VERSION.matcher(line);
      if (file.find()) {
        versions.add(new VersionNeed(file.group(1), List.of()));
      } else if (version.find()) {
        VersionNeed last = versions.removeLast();
        List<String> names = new ArrayList<>(last.versions());
        names.add(version.group(1));
        versions.add(new VersionNeed(last.file(), names));
      }
    }
  }

  private Readelf() {}

  /// @param options of `readelf`: `-dlW` for names, `-VW` for versions
  static Map<Path, Facts> of(Path directory, List<Path> files, String options) throws Exception {
    Map<Path, Facts> all = new LinkedHashMap<>();
    text(directory, files, options)
        .forEach(
            (file, text) -> {
              var facts = new Facts();
              text.lines().forEach(facts::take);
              all.put(file, facts);
            });
    return all;
  }

  /// What it prints of each file.
  static Map<Path, String> text(Path directory, List<Path> files, String options) throws Exception {
    Map<Path, String> all = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i += BATCH) {
      List<String> command = new ArrayList<>(List.of("readelf", options));
      files.subList(i, Math.min(files.size(), i + BATCH)).forEach(f -> command.add(f.toString()));
      command.add(files.getFirst().toString()); // of one file alone it prints no name
      String output = Gcc.run(directory, Map.of(), command).output();
      for (String part : output.split("\nFile: ", -1)) {
        int end = part.indexOf('\n');
        if (part.startsWith("/") && end > 0) {
          all.putIfAbsent(Path.of(part.substring(0, end)), part.substring(end + 1));
        }
      }
    }
    assertThat(all.keySet()).containsExactlyInAnyOrderElementsOf(files);
    return all;
  }
}
