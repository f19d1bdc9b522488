package eris.cli;

import eris.ErisException.CorruptBlock;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Prints the corrupt blocks that the care of a store comes across, as it does, and counts those that
/// stay corrupt.
final class CorruptReport {
  private final Io io;
  private final boolean json;
  private long left;

  CorruptReport(Io io, boolean json) {
    this.io = io;
    this.json = json;
  }

  /// A block that was left out.
  void add(CorruptBlock corrupt) throws IOException {
    left++;
    print(corrupt, "", Map.of());
  }

  /// A block that something was done about.
  ///
  /// @param more follows in the line for people
  /// @param fields follow in the one for machines
  void add(CorruptBlock corrupt, boolean cured, String more, Map<String, Object> fields)
      throws IOException {
    left += cured ? 0 : 1;
    print(corrupt, more, fields);
  }

  private void print(CorruptBlock corrupt, String more, Map<String, Object> fields)
      throws IOException {
    String text = "corrupt %s: %s".formatted(corrupt.reference(), corrupt.detail());
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("finding", "Corrupt");
      all.put("reference", corrupt.reference().toString());
      all.put("text", text);
      all.putAll(fields);
      io.println(Json.line(all));
    } else {
      io.println(text + more);
    }
  }

  /// How many stay corrupt.
  long left() {
    return left;
  }

  /// @throws Failure if there is a corrupt block without a cure
  void requireNone(String what) throws Failure {
    if (left > 0) {
      throw new Failure(ExitCode.CORRUPT, what.formatted(left));
    }
  }
}
