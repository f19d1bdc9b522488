package eris;

/// The parts of a URN that may be in any case (RFC 8141): `urn:` and the namespace.
final class Urn {
  private Urn() {}

  /// Whether `text` starts with `prefix`, which is in lower case. ASCII only: Unicode has more
  /// characters than `I` and `i` that fold to `i`.
  static boolean hasPrefix(String text, String prefix) {
    if (text.length() < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      char c = text.charAt(i);
      char lower = c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
      if (lower != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
