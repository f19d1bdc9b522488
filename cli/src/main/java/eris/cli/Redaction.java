package eris.cli;

import java.util.regex.Pattern;

/// The last gate before standard error: whatever a user mistook for a file name, an option or a
/// number, and we or a library quote back, no capability is among it.
final class Redaction {
  private static final Pattern CAPABILITY =
      Pattern.compile("(?i)urn:eris(?:x\\d)?:[A-Z2-7]+|[A-Z2-7]{100,}");

  private Redaction() {}

  static String of(String text) {
    return CAPABILITY.matcher(text).replaceAll("urn:eris:…");
  }
}
