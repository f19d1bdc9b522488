package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The console of the daemon in Chromium, before `eris serve`: what is tested is in
/// `browser.test.js`. It leaves pictures of the page in `target/console/screenshots`.
@Tag("wide")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ConsoleIT {
  private static final Path ROOT = Path.of(System.getProperty("eris.root"));
  private static final Path CONSOLE = ROOT.resolve("store-server/target/console");
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  @TempDir Path scratch;

  @Test
  void thePageWorksInABrowser() throws Exception {
    assumeTrue(Files.exists(CONSOLE.resolve("node_modules")), "skipped: the console was not built");
    assumeTrue(Files.exists(CHROMIUM), "skipped: there is no " + CHROMIUM);
    run("npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund");
    String report = run("node", "--test", "test/browser.test.js");
    assertThat(report).containsPattern("# pass \\d\\d").contains("# fail 0");
  }

  private String run(String... command) throws Exception {
    Path output = scratch.resolve(command[0]);
    var process =
        new ProcessBuilder(command)
            .directory(CONSOLE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    process.environment().put("ERIS_ROOT", ROOT.toString());
    int exitCode = process.start().waitFor();
    String report = Files.readString(output);
    assertThat(exitCode).as(report).isZero();
    return report;
  }
}
