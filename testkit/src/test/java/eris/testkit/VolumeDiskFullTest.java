package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fills a file system of 64 MiB in memory, mounted in a namespace of its own.
final class VolumeDiskFullTest {
  @TempDir private Path temporary;

  @Test
  void fullDiskIsReadAndWritingResumesWithSpace() throws IOException, InterruptedException {
    run(3);
  }

  @Test
  @Tag("wide")
  void fullDiskIsReadAndWritingResumesWithSpaceManyTimes()
      throws IOException, InterruptedException {
    run(100);
  }

  private void run(int rounds) throws IOException, InterruptedException {
    Path disk = temporary.resolve("disk");
    String inside = "mkdir -p \"$0\" && mount -t tmpfs -o size=64m none \"$0\" && exec \"$@\"";
    List<String> mount =
        List.of(
            "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inside, disk.toString());
    assumeTrue(succeeds(mount), "cannot mount a small file system: unshare or mount is refused");
    List<String> arguments = List.of(disk.toString(), Integer.toString(rounds));
    Process child = ChildJvm.of(mount, temporary, VolumeDiskFullScenario.class, arguments).start();
    try (var out = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.lines()).hasSize(rounds);
    }
    assertThat(child.waitFor()).isZero();
  }

  private static boolean succeeds(List<String> mount) throws InterruptedException {
    try {
      var command = new ArrayList<>(mount);
      command.add("true");
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
