package eris.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/// A library of C functions, called through the foreign function interface.
final class Native {
  private final SymbolLookup symbols;

  private Native(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /// Finds a library of this machine by its file name, or nothing if it is not installed.
  @SuppressWarnings("restricted")
  static Optional<Native> named(String fileName) {
    try {
      return Optional.of(new Native(SymbolLookup.libraryLookup(fileName, Arena.global())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("restricted")
  static Native at(Path file) {
    return new Native(SymbolLookup.libraryLookup(file, Arena.global()));
  }

  @SuppressWarnings("restricted")
  MethodHandle function(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
  }

  /// What the linker declares to throw never comes from a C function.
  static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("a call of a C function failed", e);
  }
}
