package eris.kernel;

import java.util.Optional;

/// The Vector API, an incubator module that a JVM has only if it was asked for it.
final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /// Whether the module is there, or could be had now.
  static boolean isAvailable() {
    Optional<Module> module = ModuleLayer.boot().findModule(NAME).or(VectorModule::load);
    module.ifPresent(VectorModule.class.getModule()::addReads);
    return module.isPresent();
  }

  /// Loads the module into a running JVM, by the means of the JDK's own agents, if whoever started
  /// the JVM exports them to us and has switched on `EnableVectorSupport`. So a short run pays
  /// nothing for the module, and its user reads no warning of incubators.
  private static Optional<Module> load() {
    try {
      Object module =
          Class.forName("jdk.internal.module.Modules")
              .getMethod("loadModule", String.class)
              .invoke(null, NAME);
      return Optional.of((Module) module);
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }
}
