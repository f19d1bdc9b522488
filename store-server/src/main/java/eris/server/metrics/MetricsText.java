package eris.server.metrics;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes families of samples in the text format of Prometheus, version 0.0.4.
final class MetricsText {
  private final StringBuilder text = new StringBuilder(1 << 14);

  /// A name and value of a label.
  record Label(String name, String value) {
    @Override
    public String toString() {
      String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      return name + "=\"" + escaped + '"';
    }
  }

  /// What the values of a family are.
  enum Kind {
    COUNTER("counter"),
    GAUGE("gauge"),
    HISTOGRAM("histogram"),
    SUMMARY("summary");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /// Begins a family: its samples come next, before another one begins.
  MetricsText begin(Kind kind, String name, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(kind.word).append('\n');
    return this;
  }

  MetricsText sample(String name, long value, Label... labels) {
    begin(name, labels).append(value).append('\n');
    return this;
  }

  MetricsText sample(String name, double value, Label... labels) {
    begin(name, labels).append(value).append('\n');
    return this;
  }

  /// A family of one sample.
  MetricsText single(Kind kind, String name, String help, long value) {
    return begin(kind, name, help).sample(name, value);
  }

  /// A family of one sample.
  MetricsText single(Kind kind, String name, String help, double value) {
    return begin(kind, name, help).sample(name, value);
  }

  private StringBuilder begin(String name, Label... labels) {
    text.append(name);
    if (labels.length > 0) {
      text.append(
          Stream.of(labels).map(Label::toString).collect(Collectors.joining(",", "{", "}")));
    }
    return text.append(' ');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
