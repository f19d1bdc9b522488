package eris.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A table of promises and the figures behind it, with what they were measured on.
final class Report {
  private final String commit;
  private final String processor = readProcessor();
  private final double loadAtStart = load();
  private final List<Row> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Results> details = new LinkedHashMap<>();

  Report(String commit) throws IOException {
    this.commit = commit;
  }

  void add(Row row) {
    rows.add(row);
  }

  void note(String note) {
    notes.add(note);
  }

  void addDetails(String title, Results results) {
    details.put(title, results);
  }

  String toMarkdown(String picture) {
    var text = new StringBuilder();
    text.append("# Codec, %s\n\n".formatted(LocalDate.now(ZoneOffset.UTC)));
    text.append("- Machine: %s, %d cores\n".formatted(processor, cores()));
    text.append("- Load: %.2f at the start, %.2f at the end\n".formatted(loadAtStart, load()));
    text.append("- Java: %s %s\n".formatted(vendor(), Runtime.version()));
    text.append("- Kernel: %s\n".formatted(Pipelines.ours()));
    text.append("- Commit: %s\n\n".formatted(commit));
    text.append(
        """
        32 KiB blocks. A ratio is that of the best of five rounds, each the median of its samples
        (by the clock on the wall: the best of them); the samples of what is compared take turns. Rates
        are MB (10^6 bytes) per second of CPU time, where it doesn't say wall; `spread` is half of what
        80 % of the samples span.

        """);
    text.append("| what | must | aim | measured | |\n| --- | --- | --- | --- | --- |\n");
    rows.forEach(row -> text.append(row.toMarkdown()).append('\n'));
    text.append("\n![MB/s of the pipelines](%s)\n".formatted(picture));
    if (!notes.isEmpty()) {
      text.append('\n');
      notes.forEach(note -> text.append("- ").append(note).append('\n'));
    }
    details.forEach((title, results) -> appendDetails(text, title, results));
    return text.toString();
  }

  private static void appendDetails(StringBuilder text, String title, Results results) {
    text.append(
        "\n## %s\n\n".formatted(Character.toUpperCase(title.charAt(0)) + title.substring(1)));
    text.append("| | best | median | spread |\n| --- | --- | --- | --- |\n");
    results
        .rates()
        .forEach(
            (name, rate) ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %.0f | %.0f | %.0f %% |%n",
                        name,
                        rate.best(),
                        rate.median(),
                        100 * rate.spread())));
  }

  /// Bars of the rates of 32 KiB blocks in the first details.
  String toSvg() {
    var chart = new BarChart("MB/s of one core, 32 KiB blocks, " + processor);
    Results results = details.values().iterator().next();
    for (String direction : List.of("encode", "decode")) {
      results.rates().entrySet().stream()
          .filter(rate -> rate.getKey().startsWith(Throughput.label(direction, 32768, "")))
          .forEach(rate -> chart.add(rate.getKey(), rate.getValue()));
    }
    return chart.toSvg();
  }

  private static String vendor() {
    return System.getProperty("java.vendor.version", System.getProperty("java.vm.name"));
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /// With family and model: virtual machines often hide the name.
  private static String readProcessor() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
    return "%s (family %s, model %s)"
        .formatted(field(lines, "model name"), field(lines, "cpu family"), field(lines, "model"));
  }

  private static String field(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.split(":", 2)[0].strip().equals(name))
        .findFirst()
        .map(line -> line.split(":", 2)[1].strip())
        .orElse("?");
  }
}
