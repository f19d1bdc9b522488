package eris.image.closure;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Where files go in a closure, by where they are on a machine.
final class ImagePath {
  private static final List<Path> PREFIXES =
      List.of(Path.of("/usr/local"), Path.of("/usr"), Path.of("/"));
  private static final Pattern LOADER =
      Pattern.compile("ld-linux.*\\.so.*|ld64\\.so.*|ld-musl-.*|ld\\.lib\\.so|ld\\.so\\.\\d+");
  private static final Pattern KEPT_BY_GENODE =
      Pattern.compile("(libc|libm|posix|vfs.*)\\.lib\\.so");

  private ImagePath() {}

  /// `bin/x` of `/usr/bin/x`, and of `x` anywhere else than in a `bin` or `sbin`.
  static String ofProgram(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    for (Path prefix : PREFIXES) {
      if (absolute.startsWith(prefix) && absolute.getNameCount() == prefix.getNameCount() + 2) {
        String directory = absolute.getName(prefix.getNameCount()).toString();
        if (directory.equals("bin") || directory.equals("sbin")) {
          return directory + "/" + absolute.getFileName();
        }
      }
    }
    return "bin/" + absolute.getFileName();
  }

  /// `lib/libc.so.6` of `libc.so.6`, and of a path that ends so.
  static String ofLibrary(String name) {
    return "lib/" + lastName(name);
  }

  static String lastName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /// Whether a library must be asked for by this name, because the operating system, or the C
  /// library itself, knows it by that.
  static boolean isFixed(String name) {
    String last = lastName(name);
    return LOADER.matcher(last).matches() || KEPT_BY_GENODE.matcher(last).matches();
  }
}
