package eris.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The `eris` script as people call it, over what this build has assembled.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LauncherIT {
  private static final Path ROOT = Path.of(System.getProperty("eris.root"));
  private static final Path DIST = ROOT.resolve("cli/target/dist");
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  private static final int SIGSEGV = 11;
  private static final int SIGTERM = 15;

  @TempDir private Path home;
  private Path launcher = ROOT.resolve("eris");
  private Path workingDirectory;

  private record Outcome(int exitCode, String out, String err) {}

  @BeforeEach
  void workInAnEmptyHome() {
    workingDirectory = home;
  }

  @Test
  void versionComesWithoutAnyWarning() throws Exception {
    Outcome outcome = run("--version");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).startsWith("eris ");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void contentGoesThroughStandardInputAndOutput() throws Exception {
    Outcome put = run(Map.of(), "Hello world!", "put");
    assertThat(put.err()).isEmpty();
    assertThat(put.out()).startsWith("urn:eris:");
    assertThat(run(Map.of(), put.out(), "get", "-")).isEqualTo(new Outcome(0, "Hello world!", ""));
  }

  @Test
  void exitCodePassesThrough() throws Exception {
    assertThat(run("no-such-command").exitCode()).isEqualTo(2);
  }

  @Test
  void argumentsArriveAsTheyAreEvenWithoutALocale() throws Exception {
    Path file = Files.writeString(home.resolve("Grüße * und $HOME"), "Hallo");
    Outcome put = run(Map.of("LC_ALL", "C"), "", "put", file.getFileName().toString());
    assertThat(put.err()).isEmpty();
    assertThat(put.exitCode()).isZero();
  }

  @Test
  void linkFromElsewhereLeadsToTheProgram() throws Exception {
    Path bin = Files.createDirectory(home.resolve("bin"));
    Files.createSymbolicLink(home.resolve("direct"), launcher);
    launcher = Files.createSymbolicLink(bin.resolve("eris"), Path.of("../direct"));
    assertThat(run("--version").out()).startsWith("eris ");
  }

  @Test
  void installsByCopyIntoAPathWithBlanks() throws Exception {
    installInto(home.resolve("dir with spaces"));
    Outcome put = run(Map.of(), "x", "put");
    assertThat(put.err()).isEmpty();
    assertThat(put.out()).startsWith("urn:eris:");
  }

  @Test
  void cacheIsMadeInTheBackgroundAndABrokenOneIsNotNoticed() throws Exception {
    installInto(home.resolve("dir with spaces"));
    Outcome first = run(Map.of("ERIS_NO_BUILD", ""), "", "--version");
    Path cache = awaitCache();
    Map<String, String> onlyWithCache = Map.of("ERIS_JAVA_OPTS", "-XX:AOTMode=on");
    assertThat(run(onlyWithCache, "", "--version")).isEqualTo(first);

    Files.writeString(cache, "not a cache");
    assertThat(run(onlyWithCache, "", "--version").exitCode()).isEqualTo(1);
    assertThat(run("--version")).isEqualTo(first);
    assertThat(first.err()).isEmpty();
  }

  @Test
  void wrongJavaHomeIsAnErrorAndNoOtherIsTried() throws Exception {
    assertThat(run(Map.of("ERIS_JAVA_HOME", home.toString()), "", "--version"))
        .isEqualTo(
            new Outcome(1, "", "eris: error: ERIS_JAVA_HOME is not a JDK 25: " + home + "\n"));
  }

  @Test
  void olderJdkIsPassedOver() throws Exception {
    Path old = home.resolve("jdk-17");
    Path bin = Files.createDirectories(old.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("java"), Path.of("/bin/false"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
    launcher = withoutUsualPlaces();
    String path = JDK.resolve("bin") + ":/usr/bin:/bin";
    Map<String, String> environment = Map.of("JAVA_HOME", old.toString(), "PATH", path);
    assertThat(run(environment, "", "--version").out()).startsWith("eris ");
  }

  @Test
  void withoutAnyJdkItSaysWhatToInstall() throws Exception {
    launcher = withoutUsualPlaces();
    Path bin = Files.createDirectory(home.resolve("bin"));
    assertThat(run(Map.of("JAVA_HOME", "", "PATH", bin.toString()), "", "--version"))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "eris: error: no JDK 25 found: install one (e.g. Temurin 25)"
                    + " or set ERIS_JAVA_HOME\n"));
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    Path sources = Files.createDirectory(home.resolve("sources"));
    Files.createFile(sources.resolve("pom.xml"));
    launcher = Files.copy(launcher, sources.resolve("eris"));
    Path bin = Files.createDirectory(home.resolve("bin"));
    Map<String, String> environment =
        Map.of("ERIS_NO_BUILD", "", "ERIS_JAVA_HOME", JDK.toString(), "PATH", bin.toString());
    assertThat(run(environment, "", "--version"))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "eris: error: building needs Maven: install it (e.g. apt-get install maven)\n"));
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void signalReachesJavaForItIsTheSameProcess(String signal, int exitCode) throws Exception {
    Process process = start(Map.of(), "put");
    awaitHandlerOf(SIGTERM, process);
    kill(signal, process);
    assertThat(process.waitFor()).isEqualTo(exitCode);
  }

  @Test
  void crashOfJavaTellsNothing() throws Exception {
    Process process = start(Map.of(), "put");
    awaitHandlerOf(SIGSEGV, process);
    kill("SEGV", process);
    assertThat(process.waitFor()).isEqualTo(128 + 6); // aborted
    assertThat(process.inputReader(UTF_8).lines()).isEmpty();
    assertThat(process.errorReader(UTF_8).lines()).isEmpty();
    assertThat(home).isEmptyDirectory();
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), "", arguments);
  }

  private Outcome run(Map<String, String> environment, String in, String... arguments)
      throws IOException, InterruptedException {
    Process process = start(environment, arguments);
    try (var stdin = process.getOutputStream()) {
      stdin.write(in.getBytes(UTF_8));
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("Broken pipe"); // it ended before it read anything
    }
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), out, err);
  }

  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> name.startsWith("ERIS_") || name.startsWith("XDG_"));
    variables.put("HOME", home.toString());
    variables.put("ERIS_NO_BUILD", "1");
    variables.putAll(environment);
    return builder.start();
  }

  /// Puts the program where there are no sources: libraries and launcher in one directory.
  private void installInto(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(DIST)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(DIST.relativize(file).toString());
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    launcher = Files.copy(launcher, target.resolve("eris"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  /// A copy of the launcher that does not look where this machine may have a JDK.
  private Path withoutUsualPlaces() throws IOException {
    String script = Files.readString(launcher, UTF_8);
    String places = "/usr/lib/jvm/* /opt/*";
    assertThat(script).contains(places);
    installInto(home.resolve("installed"));
    return Files.writeString(launcher, script.replace(places, ""), UTF_8);
  }

  private Path awaitCache() throws IOException, InterruptedException {
    while (true) {
      try (Stream<Path> files = Files.walk(home)) {
        var cache = files.filter(file -> file.endsWith("eris.aot")).findFirst();
        if (cache.isPresent()) {
          return cache.get();
        }
      }
      Thread.sleep(50);
    }
  }

  /// Until then, a signal would end the process before Java has a say.
  private static void awaitHandlerOf(int signal, Process process)
      throws IOException, InterruptedException {
    while ((caughtSignals(process) & 1L << (signal - 1)) == 0) {
      Thread.sleep(10);
    }
  }

  private static long caughtSignals(Process process) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      String caught = lines.filter(line -> line.startsWith("SigCgt:")).findFirst().orElseThrow();
      return Long.parseUnsignedLong(caught.substring("SigCgt:".length()).strip(), 16);
    }
  }

  private static void kill(String signal, Process process)
      throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
  }
}
