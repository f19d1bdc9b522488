package eris.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/// Functions of the C library, called through the foreign function interface: for what Java has no way
/// to.
final class Libc {
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;

  private Libc() {}

  @SuppressWarnings("restricted")
  static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /// Makes calls on a socket return at once, whoever opened it.
  ///
  /// @throws IOException if there is no such descriptor
  static void makeNonBlocking(int descriptor) throws IOException {
    MethodHandle fcntl =
        function(
            "fcntl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    int done;
    try {
      done = (int) fcntl.invokeExact(descriptor, F_SETFL, O_NONBLOCK);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    if (done < 0) {
      throw new IOException("descriptor %d is not open".formatted(descriptor));
    }
  }

  /// What the linker declares to throw never comes from a C function.
  static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("a call of a C function failed", e);
  }
}
