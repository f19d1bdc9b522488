package eris.kernel;

import java.util.function.Supplier;

/// Which kernel this process works with: the one of [KernelSetting], or what is best.
final class KernelChoice {
  private static final Supplier<BlockKernel> BEST = choose();

  private KernelChoice() {}

  static BlockKernel best() {
    return BEST.get();
  }

  private static Supplier<BlockKernel> choose() {
    try {
      BlockKernel kernel =
          KernelSetting.name().map(KernelChoice::named).orElseGet(WarmingKernel::new);
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
    if (KernelSetting.vectorBits().isEmpty()) {
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
}
