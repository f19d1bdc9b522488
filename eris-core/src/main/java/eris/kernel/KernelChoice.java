package eris.kernel;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which kernel this process works with. `ERIS_KERNEL`, or the system property `eris.kernel`, forces
/// one: `scalar`, or `vector` followed by the bits of a vector, 128, 256 or 512.
final class KernelChoice {
  private static final Pattern VECTOR = Pattern.compile("vector(128|256|512)");

  private static final Supplier<BlockKernel> BEST = choose();

  private KernelChoice() {}

  static BlockKernel best() {
    return BEST.get();
  }

  private static Supplier<BlockKernel> choose() {
    try {
      BlockKernel kernel = forced().map(KernelChoice::named).orElseGet(WarmingKernel::new);
      return () -> kernel;
    } catch (NoSuchKernelException e) {
      return () -> {
        throw e; // each time: what fails while a class is initialized has no name later
      };
    }
  }

  private static BlockKernel named(String name) {
    if (name.equals(ScalarKernel.INSTANCE.name())) {
      return ScalarKernel.INSTANCE;
    }
    if (!VECTOR.matcher(name).matches()) {
      throw new NoSuchKernelException(
          name, "is unknown: there are scalar, vector128, vector256 and vector512");
    }
    if (!VectorModule.isAvailable()) {
      throw new NoSuchKernelException(name, "needs the module jdk.incubator.vector");
    }
    var vector = new VectorKernel();
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
