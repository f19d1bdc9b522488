package eris.cli;

/// Text for a terminal: names in closures and directories may come from strangers, and hold what would
/// end a line or steer the terminal.
final class Printable {
  private Printable() {}

  /// The text with a question mark for each control character.
  static String of(String text) {
    return text.replaceAll("\\p{Cc}", "?");
  }
}
