package eris.server.access;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Somebody who may put blocks, and how many.
///
/// @param quotaBytes that it may put in all; those that are there already count too, or else the
///     answer would tell that they are
/// @param bytesPerSecond that it may put on average
public record Account(String name, OptionalLong quotaBytes, OptionalLong bytesPerSecond) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  /// @throws IllegalArgumentException if a value is out of bounds
  public Account {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a name has 1 to 64 of a-z, 0-9, '.', '_', '-', and begins with a letter or digit");
    }
    if (quotaBytes.orElse(0) < 0) {
      throw new IllegalArgumentException("a quota is not negative");
    }
    if (bytesPerSecond.orElse(1) < 1) {
      throw new IllegalArgumentException("a rate is at least 1 byte a second");
    }
  }
}
