package eris.kernel;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which kernel this process works with. `ERIS_KERNEL`, or the system property `eris.kernel`, forces
/// one: `scalar`, or `vector` followed by the bits of a vector, 128, 256 or 512.
final class KernelChoice {
  private static final Pattern VECTOR = Pattern.compile("vector(128|256|512)");

  static final BlockKernel BEST = choose();

  private KernelChoice() {}

  private static BlockKernel choose() {
    Optional<String> forced = forced();
    if (forced.isEmpty()) {
      return new WarmingKernel(ScalarKernel.INSTANCE);
    }
    if (forced.get().equals(ScalarKernel.INSTANCE.name())) {
      return ScalarKernel.INSTANCE;
    }
    if (forcedVectorBits().isEmpty()) {
      throw new IllegalArgumentException(
          "kernel '%s' is unknown: there are scalar, vector128, vector256 and vector512"
              .formatted(forced.get()));
    }
    if (!VectorModule.isAvailable()) {
      throw new IllegalStateException(
          "kernel '%s' needs the module jdk.incubator.vector".formatted(forced.get()));
    }
    var vector = new VectorKernel(ScalarKernel.INSTANCE);
    SelfTest.run(vector);
    return vector;
  }

  /// The width of vectors that was asked for.
  static Optional<Integer> forcedVectorBits() {
    return forced()
        .map(VECTOR::matcher)
        .filter(Matcher::matches)
        .map(matcher -> Integer.valueOf(matcher.group(1)));
  }

  private static Optional<String> forced() {
    return Optional.ofNullable(System.getProperty("eris.kernel", System.getenv("ERIS_KERNEL")))
        .filter(name -> !name.isEmpty() && !name.equals("auto"));
  }
}
