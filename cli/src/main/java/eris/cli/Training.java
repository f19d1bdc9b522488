package eris.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Runs the usual commands in one JVM, from which the launcher makes its AOT cache: what they load
/// and link here, later starts find ready.
final class Training {
  private static final int CONTENT_BYTES = 1024;

  private final Map<String, String> environment;

  private Training(Path home) {
    this.environment = Map.of("HOME", home.toString());
  }

  public static void main(String[] args) throws IOException {
    Path home = Files.createTempDirectory("eris-training");
    try {
      new Training(home).runAll(home);
    } finally {
      delete(home);
    }
  }

  private void runAll(Path home) throws IOException {
    String content = "x".repeat(CONTENT_BYTES);
    run("", "--version");
    run("", "--help");
    for (String store :
        List.of("rocksdb://" + home.resolve("rocksdb"), "dir:" + home.resolve("dir"))) {
      String urn = run(content, "put", "--store", store);
      check(content, run(urn, "get", "--store", store, "-"));
      run(urn, "info", "--store", store, "-");
      run(urn, "verify", "--store", store, "-");
    }
  }

  private String run(String in, String... command) {
    var out = new ByteArrayOutputStream();
    var io =
        new Io(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            out,
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            "",
            environment,
            new SecureRandom(),
            System::nanoTime);
    int exitCode = Main.run(command, io);
    if (exitCode != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": exit code " + exitCode);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void check(String put, String got) {
    if (!got.equals(put)) {
      throw new IllegalStateException("got something else than was put");
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
