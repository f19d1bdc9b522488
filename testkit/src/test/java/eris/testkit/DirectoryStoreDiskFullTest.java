package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fills a small file system in memory, mounted in a namespace of its own.
final class DirectoryStoreDiskFullTest {
  private static final int ROUNDS = 10;

  @TempDir private Path temporary;

  @Test
  void fullDiskIsReadAndWritingResumesWithSpace() throws IOException, InterruptedException {
    Path disk = temporary.resolve("disk");
    String inside = "mkdir \"$0\" && mount -t tmpfs -o size=8m none \"$0\" && exec \"$@\"";
    List<String> mount =
        List.of(
            "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inside, disk.toString());
    assumeTrue(
        succeeds(mount, temporary.resolve("probe")),
        "cannot mount a small file system: unshare or mount is refused");
    List<String> arguments = List.of(disk.toString(), Integer.toString(ROUNDS));
    Process child =
        ChildJvm.of(mount, temporary, DirectoryDiskFullScenario.class, arguments).start();
    try (var out = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.lines()).hasSize(ROUNDS);
    }
    assertThat(child.waitFor()).isZero();
  }

  private static boolean succeeds(List<String> mount, Path disk) throws InterruptedException {
    try {
      var command = new ArrayList<>(mount.subList(0, mount.size() - 1));
      command.addAll(List.of(disk.toString(), "true"));
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
