package eris.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A `main` of ours in a JVM of its own, with the classes of this one: to be killed, traced or put
/// on a small disk.
public final class ChildJvm {
  private static final String ROCKSDB_LIBRARY = "librocksdbjni-linux64.so";

  private ChildJvm() {}

  /// Prepares the start of `main`. `wrapper`, such as `strace -f`, comes before `java`; `scratch` is
  /// a directory for files that serve several children.
  public static ProcessBuilder of(
      List<String> wrapper, Path scratch, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath()));
    command.add("-Djava.library.path=" + nativeLibraries(scratch));
    command.add(main.getName());
    command.addAll(arguments);
    var child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    child.environment().put("ROCKSDB_MUSL_LIBC", "false"); // else it starts a shell to find out
    return child;
  }

  private static String classPath() {
    return Stream.of("jdk.module.path", "java.class.path")
        .map(name -> System.getProperty(name, ""))
        .filter(path -> !path.isEmpty())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// RocksDB's jar unpacks its library at each start, unless it lies in the library path.
  private static Path nativeLibraries(Path scratch) throws IOException {
    Path library = scratch.resolve(ROCKSDB_LIBRARY);
    InputStream packed = ClassLoader.getSystemResourceAsStream(ROCKSDB_LIBRARY);
    if (packed != null && !Files.exists(library)) {
      try (packed) {
        Files.copy(packed, library);
      }
    }
    return scratch;
  }
}
