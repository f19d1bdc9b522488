package eris.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real command, started by its launcher as a user starts it, in a home of its own.
@Timeout(value = 15, unit = TimeUnit.MINUTES)
abstract class RealCommand {
  static final Path ERIS = Path.of(System.getProperty("eris.root"), "eris");

  @TempDir Path home;

  record Outcome(int exitCode, String out, String err) {}

  Outcome bash(String script) throws Exception {
    Path err = Files.createTempFile("eris", ".err");
    try {
      Process process = builder(script).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }

  /// Starts a command that becomes `eris`, so that signals reach it. Whoever runs the tests may ignore
  /// signals, and what they start would ignore them too.
  Process start(String command) throws IOException {
    return builder(command.replaceFirst("\\beris ", "exec env --default-signal eris "))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  ProcessBuilder builder(String script) {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", script).directory(home.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("ERIS_") || name.startsWith("XDG_"));
    builder.environment().put("HOME", home.toString());
    builder.environment().put("ERIS_NO_BUILD", "1");
    builder.environment().put("PATH", ERIS.getParent() + ":" + System.getenv("PATH"));
    return builder;
  }

  static void interrupt(Process process) throws Exception {
    signal("INT", process);
  }

  static void signal(String name, Process process) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }
}
