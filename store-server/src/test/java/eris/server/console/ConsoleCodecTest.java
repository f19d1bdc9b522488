package eris.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The codec of the page, by the test runner of Node.js: all vectors, own and official.
class ConsoleCodecTest {
  private static final Path ROOT = Path.of(System.getProperty("eris.root"));
  private static final Path CONSOLE = ROOT.resolve("store-server/target/console");

  private static final List<String> COMMAND =
      List.of("node", "--test", "test/codec.test.js", "test/format.test.js", "test/style.test.js");

  @TempDir Path scratch;

  @Test
  void scriptsOfThePagePassTheirTests() throws Exception {
    assumeTrue(
        Files.exists(CONSOLE.resolve("node_modules/.package-lock.json")),
        "skipped: the console was not built, for lack of npm");
    Path output = scratch.resolve("output");
    var runner =
        new ProcessBuilder(COMMAND)
            .directory(CONSOLE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    runner.environment().put("ERIS_ROOT", ROOT.toString());
    String official = System.getProperty("eris.conformance");
    if (official != null) {
      runner.environment().put("ERIS_CONFORMANCE", official);
    }
    int exitCode = runner.start().waitFor();
    assertThat(exitCode).as(() -> read(output)).isZero();
    assertThat(read(output)).containsPattern("# pass \\d{3}").contains("# fail 0");
  }

  private static String read(Path output) {
    try {
      return Files.readString(output);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
