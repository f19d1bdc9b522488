package eris.kernel;

import java.util.Optional;

/// The Vector API, an incubator module.
///
/// A JVM has it from the start if it was asked for it. It can also get it later, by the means of the
/// JDK's own agents, if whoever started the JVM exports them to us and has switched on
/// `EnableVectorSupport`: then a short run pays nothing for it, and its user reads no warning of
/// incubators.
final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /// Whether the module is there, or could be had now.
  static boolean isAvailable() {
    Optional<Module> module = ModuleLayer.boot().findModule(NAME).or(VectorModule::load);
    module.ifPresent(VectorModule.class.getModule()::addReads);
    return module.isPresent();
  }

  private static Optional<Module> load() {
    return call("jdk.internal.module.Modules", "loadModule", String.class, NAME)
        .map(Module.class::cast);
  }

  /// How many bits the vectors of this machine have, without loading the module; empty if that, or
  /// whether it can be loaded, is unknown.
  static Optional<Integer> vectorBits() {
    return call("jdk.internal.vm.vector.VectorSupport", "getMaxLaneCount", Class.class, byte.class)
        .map(lanes -> (int) lanes * Byte.SIZE);
  }

  private static Optional<Object> call(
      String type, String method, Class<?> parameter, Object argument) {
    try {
      return Optional.of(Class.forName(type).getMethod(method, parameter).invoke(null, argument));
    } catch (ReflectiveOperationException e) {
      return Optional.empty(); // not exported to us
    }
  }
}
