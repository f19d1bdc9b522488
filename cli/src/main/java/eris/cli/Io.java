package eris.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What the command sees of the world: the three streams and which of them are a terminal, the
/// environment, randomness, time.
///
/// @param out unbuffered; carries results and nothing else
/// @param terminals the descriptors, 0 to 2, that are a terminal, as in `"12"`
/// @param random a source of it, when one is needed: finding the secure one takes a while
record Io(
    InputStream in,
    OutputStream out,
    PrintStream err,
    String terminals,
    Map<String, String> environment,
    Supplier<RandomGenerator> random,
    LongSupplier nanoTime) {

  /// The streams of this process. The launcher tells which are terminals.
  static Io ofProcess(Supplier<RandomGenerator> random) {
    return new Io(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getProperty("eris.terminal", ""),
        System.getenv(),
        random,
        System::nanoTime);
  }

  boolean outIsTerminal() {
    return terminals.contains("1");
  }

  boolean errIsTerminal() {
    return terminals.contains("2");
  }

  /// Whether somebody can be asked.
  boolean isInteractive() {
    return terminals.contains("0") && errIsTerminal();
  }

  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /// Where the user's data is kept.
  Path dataHome() {
    return xdg("XDG_DATA_HOME", Path.of(".local", "share"));
  }

  /// A directory that `variable` names, or else one in the user's home.
  Path xdg(String variable, Path belowHome) {
    return variable(variable)
        .map(Path::of)
        .filter(Path::isAbsolute) // as the XDG specification wants
        .orElseGet(() -> home().resolve(belowHome));
  }

  private Path home() {
    return Path.of(variable("HOME").orElse(System.getProperty("user.home")));
  }

  /// Prints a line of the result.
  ///
  /// @throws IOException if it did not arrive: a result that nobody got must not look like success
  void println(String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  void warn(String line) {
    err.println("eris: warning: " + line);
  }

  void note(String line) {
    err.println("eris: " + line);
  }
}
