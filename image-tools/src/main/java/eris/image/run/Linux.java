package eris.image.run;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Calls of Linux that Java has no way to.
///
/// Each takes up to three integers or pointers, which all travel in registers, and returns an int: so
/// one descriptor serves them all. To link a call of a new shape takes longer than the calls.
final class Linux {
  static final int ENOENT = 2;
  static final int ENXIO = 6;
  static final int E2BIG = 7;
  static final int ENOEXEC = 8;
  static final int EACCES = 13;
  static final int EINVAL = 22;
  static final int ENOSYS = 38;

  static final int SIGNAL_COUNT = 64;
  static final long SIG_DFL = 0;
  static final long SIG_IGN = 1;

  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_EXEC = 0x10; // since Linux 6.3

  private static final int F_GETFD = 1;
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_ADD_SEALS = 1033;
  private static final int ALL_SEALS = 0xf; // SEAL, SHRINK, GROW, WRITE

  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final long MAX_DESCRIPTOR = 0xffff_ffffL;
  private static final int RLIMIT_CORE = 4;
  private static final int SIG_SETMASK = 2;
  private static final long SIGACTION_BYTES = 256; // at least; the handler comes first
  private static final long SIGNAL_SET_BYTES = 128;

  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private Linux() {}

  /// A call that Linux refused.
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    private final int errno;

    Refused(String call, int errno) {
      super("%s: %s".formatted(call, text(errno)));
      this.errno = errno;
    }

    int errno() {
      return errno;
    }

    private static String text(int errno) {
      return switch (errno) {
        case 1 -> "not permitted";
        case ENOENT -> "no such file";
        case ENXIO -> "nobody there";
        case E2BIG -> "arguments and environment are too long";
        case ENOEXEC -> "not a program of this system";
        case 12 -> "out of memory";
        case EACCES -> "permission denied";
        case 17 -> "already exists";
        case EINVAL -> "invalid argument";
        case 24 -> "too many open files";
        case 28 -> "no space left";
        case 30 -> "read-only file system";
        case ENOSYS -> "this system has no such call";
        default -> "error " + errno;
      };
    }
  }

  /// Creates a file in memory that can be sealed and run. It is closed on exec.
  ///
  /// @param name shows in `/proc`, cut after 200 bytes
  static int createMemoryFile(String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long text = arena.allocateFrom(cut(name)).address();
      int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
      try {
        return call("memfd_create", text, flags | MFD_EXEC, 0);
      } catch (Refused e) {
        if (e.errno() != EINVAL) {
          throw e;
        }
        return call("memfd_create", text, flags, 0); // all can be run there
      }
    }
  }

  private static String cut(String name) {
    String ascii = name.replaceAll("[^ -~]", "?");
    return ascii.substring(0, Math.min(ascii.length(), 200));
  }

  /// Makes a file in memory as it is for ever.
  static void seal(int descriptor) throws IOException {
    call("fcntl", descriptor, F_ADD_SEALS, ALL_SEALS);
  }

  /// A second descriptor of the same file, `least` or more, closed on exec.
  static int duplicate(int descriptor, int least) throws IOException {
    return call("fcntl", descriptor, F_DUPFD_CLOEXEC, least);
  }

  static void close(int descriptor) throws IOException {
    call("close", descriptor, 0, 0);
  }

  /// Closes on exec what is open, but for the standard streams and `kept`.
  static void keepOnly(Iterable<Integer> kept) throws IOException {
    if (isThere("close_range")) {
      call("close_range", 3, MAX_DESCRIPTOR, CLOSE_RANGE_CLOEXEC);
    } else {
      for (int descriptor : openDescriptors()) {
        int flags = call("fcntl", descriptor, F_GETFD, 0);
        call("fcntl", descriptor, F_SETFD, flags | FD_CLOEXEC);
      }
    }
    for (int descriptor : kept) {
      call("fcntl", descriptor, F_SETFD, 0);
    }
  }

  /// Since glibc 2.34.
  private static boolean isThere(String name) {
    return Linker.nativeLinker().defaultLookup().find(name).isPresent();
  }

  private static List<Integer> openDescriptors() {
    String[] names = new java.io.File("/proc/self/fd").list();
    return java.util.Arrays.stream(Optional.ofNullable(names).orElseGet(() -> new String[0]))
        .map(Integer::valueOf)
        .filter(descriptor -> descriptor > 2)
        .filter(Linux::isOpen) // the one that listed them is not
        .toList();
  }

  private static boolean isOpen(int descriptor) {
    try {
      return call("fcntl", descriptor, F_GETFD, 0) >= 0;
    } catch (IOException _) {
      return false;
    }
  }

  /// Who this process is, and so the owner of what it makes.
  static int userId() throws IOException {
    return call("geteuid", 0, 0, 0);
  }

  /// Creates a named pipe for the owner alone.
  static void createPipe(String path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      call("mkfifo", arena.allocateFrom(path).address(), 0600, 0);
    }
  }

  static int open(String path, int flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return call("open", arena.allocateFrom(path).address(), flags, 0);
    }
  }

  /// @param action [#SIG_DFL] or [#SIG_IGN]
  static void setAction(int signal, long action) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(SIGACTION_BYTES, 8);
      struct.set(JAVA_LONG, 0, action);
      call("sigaction", signal, struct.address(), 0);
    }
  }

  /// @param mask of this thread, bit 0 for signal 1
  static void setSignalMask(long mask) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(SIGNAL_SET_BYTES, 8);
      set.set(JAVA_LONG, 0, mask);
      call("sigprocmask", SIG_SETMASK, set.address(), 0); // of the thread that calls
    }
  }

  /// Sets how large a core this process may leave, up to what it may choose.
  static void setSoftCoreLimit(long bytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocate(16, 8);
      call("getrlimit", RLIMIT_CORE, limits.address(), 0);
      limits.set(JAVA_LONG, 0, bytes);
      call("setrlimit", RLIMIT_CORE, limits.address(), 0);
    }
  }

  /// Replaces this process by another program. Returns only if it cannot.
  static void execute(String path, List<byte[]> arguments, List<byte[]> environment)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      call(
          "execve",
          arena.allocateFrom(path).address(),
          strings(arguments, arena).address(),
          strings(environment, arena).address());
    }
  }

  private static MemorySegment strings(List<byte[]> texts, Arena arena) {
    MemorySegment pointers = arena.allocate(ADDRESS, texts.size() + 1L); // the last is null
    for (int i = 0; i < texts.size(); i++) {
      byte[] text = texts.get(i);
      MemorySegment copy = arena.allocate(text.length + 1L); // ends with a zero
      MemorySegment.copy(text, 0, copy, ValueLayout.JAVA_BYTE, 0, text.length);
      pointers.setAtIndex(ADDRESS, i, copy);
    }
    return pointers;
  }

  /// @throws Refused if the result is negative
  private static int call(String name, long a, long b, long c) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) function(name).invokeExact(state, a, b, c);
      if (result < 0) {
        throw new Refused(name, state.get(JAVA_INT, ERRNO));
      }
      return result;
    } catch (IOException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of a C function failed", e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name) throws IOException {
    Linker linker = Linker.nativeLinker();
    MemorySegment address =
        linker.defaultLookup().find(name).orElseThrow(() -> new Refused(name, ENOSYS));
    return linker.downcallHandle(address, SHAPE, Linker.Option.captureCallState("errno"));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
