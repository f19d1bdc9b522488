package eris.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Runs command lines within this process, in a home directory of its own.
final class Shell {
  private final Path home;
  private final Map<String, String> environment = new TreeMap<>();
  private byte[] input = new byte[0];
  private String terminals = "";

  /// What a command line left behind.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Outcome(int exitCode, byte[] outBytes, String err) {
    String out() {
      return new String(outBytes, StandardCharsets.UTF_8);
    }

    /// Standard output without the line end.
    String line() {
      return out().strip();
    }
  }

  Shell(Path home) {
    this.home = home;
    environment.put("HOME", home.toString());
  }

  Shell with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Shell input(byte[] bytes) {
    input = bytes.clone();
    return this;
  }

  Shell input(String text) {
    return input(text.getBytes(StandardCharsets.UTF_8));
  }

  Shell terminals(String descriptors) {
    terminals = descriptors;
    return this;
  }

  Outcome eris(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int exitCode =
        Main.run(
            args,
            new Io(
                new ByteArrayInputStream(input),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminals,
                environment,
                () -> new Random(1),
                System::nanoTime));
    return new Outcome(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  /// Writes a file into the home directory and returns its path.
  String file(String name, byte[] content) throws IOException {
    Path path = home.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.write(path, content).toString();
  }

  String file(String name, String content) throws IOException {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  String path(String name) {
    return home.resolve(name).toString();
  }

  static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
