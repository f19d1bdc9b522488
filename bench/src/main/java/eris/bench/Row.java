package eris.bench;

import java.util.Locale;

/// A promise and what was measured.
///
/// @param measured NaN if this machine could not measure it
/// @param must NaN if nothing is promised
/// @param aim NaN if the row is for information
record Row(String what, boolean atLeast, double must, double aim, double measured) {
  static Row atLeast(String what, double must, double aim, double measured) {
    return new Row(what, true, must, aim, measured);
  }

  static Row atMost(String what, double must, double aim, double measured) {
    return new Row(what, false, must, aim, measured);
  }

  static Row forInformation(String what, double measured) {
    return new Row(what, true, Double.NaN, Double.NaN, measured);
  }

  String toMarkdown() {
    return "| %s | %s | %s | %s | %s |"
        .formatted(what, bound(must), bound(aim), number(measured), verdict());
  }

  private String verdict() {
    if (Double.isNaN(measured)) {
      return "not measured";
    }
    if (Double.isNaN(aim)) {
      return "";
    }
    if (meets(aim)) {
      return "aim met";
    }
    return Double.isNaN(must) ? "below the aim" : meets(must) ? "must met" : "**missed**";
  }

  private boolean meets(double bound) {
    return atLeast ? measured >= bound : measured <= bound;
  }

  private String bound(double value) {
    return Double.isNaN(value) ? "" : (atLeast ? ">= " : "<= ") + number(value);
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    return String.format(Locale.ROOT, Math.abs(value) >= 20 ? "%.0f" : "%.2f", value);
  }
}
