package eris.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers of bytes as people write them.
final class Bytes {
  private static final String UNITS = "KMGTPE";
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})(?:([KMGTPE])(i?)B?|B)?");

  private Bytes() {}

  /// `12 B`, `1.5 MiB`.
  static String format(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    int unit = Math.min((63 - Long.numberOfLeadingZeros(bytes)) / 10, UNITS.length());
    double value = bytes / (double) (1L << 10 * unit);
    return String.format(Locale.ROOT, "%.1f %siB", value, UNITS.charAt(unit - 1));
  }

  /// Parses `1000`, `64K`, `1.5`-less whole numbers with `KiB` (1,024) or `KB` (1,000) and so on.
  ///
  /// @throws IllegalArgumentException if `text` is anything else or 2^63 or more
  static long parse(String text) {
    Matcher match = SIZE.matcher(text.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException("'%s' is not a size, as in 64MiB".formatted(text));
    }
    long value = Long.parseLong(match.group(1));
    if (match.group(2) == null) {
      return value;
    }
    boolean decimal = match.group(3).isEmpty() && text.strip().endsWith("B");
    try {
      for (int i = 0; i <= UNITS.indexOf(match.group(2)); i++) {
        value = Math.multiplyExact(value, decimal ? 1000L : 1024L);
      }
      return value;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'%s' is too large".formatted(text), e);
    }
  }
}
