package eris.kernel;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The kernel that `ERIS_KERNEL`, or the system property `eris.kernel`, forces: `scalar`, or `vector`
/// followed by the bits of a vector, 128, 256 or 512; `auto` forces none.
final class KernelSetting {
  private static final Pattern VECTOR = Pattern.compile("vector(128|256|512)");

  private KernelSetting() {}

  static Optional<String> name() {
    return Optional.ofNullable(System.getProperty("eris.kernel", System.getenv("ERIS_KERNEL")))
        .filter(name -> !name.isEmpty() && !name.equals("auto"));
  }

  /// The width of vectors that is asked for.
  static Optional<Integer> vectorBits() {
    return name()
        .map(VECTOR::matcher)
        .filter(Matcher::matches)
        .map(matcher -> Integer.valueOf(matcher.group(1)));
  }
}
