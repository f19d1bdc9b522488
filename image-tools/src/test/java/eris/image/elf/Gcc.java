package eris.image.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs compilers and what they make, in a directory of its own.
public final class Gcc {
  private final Path directory;

  public record Outcome(int exitCode, String output) {}

  /// Skips the test where gcc is missing.
  public Gcc(Path directory) {
    assumeTrue(exists("gcc"), "no gcc");
    this.directory = directory;
  }

  public static boolean exists(String tool) {
    return Files.isExecutable(Path.of("/usr/bin", tool));
  }

  public Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  /// Compiles `name`.c, with the text `code`, to `name`.
  public Path compile(String name, String code, String... options)
      throws IOException, InterruptedException {
    Path source = file(name + ".c", code);
    List<String> command = new ArrayList<>(List.of("gcc", "-O1", "-o", name, source.toString()));
    command.addAll(List.of(options));
    Outcome outcome = run(Map.of(), command.toArray(String[]::new));
    assertThat(outcome.exitCode).as(outcome.output).isZero();
    return directory.resolve(name);
  }

  /// Runs a command; output and errors come together.
  public Outcome run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    return run(directory, environment, List.of(command));
  }

  public static Outcome run(Path directory, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "output", "");
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return new Outcome(-1, "no end after 20 s");
    }
    String text = Files.readString(output, StandardCharsets.ISO_8859_1);
    Files.delete(output);
    return new Outcome(process.exitValue(), text);
  }
}
