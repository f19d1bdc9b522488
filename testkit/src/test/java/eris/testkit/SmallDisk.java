package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A real file system of a few MiB, which a JVM of its own fills up.
final class SmallDisk {
  private SmallDisk() {}

  /// Runs `scenario` with the directory of the disk and the number of rounds as its arguments; it
  /// prints a line for each round. Skips the test where such a disk cannot be had.
  static void fill(int mebibytes, Class<?> scenario, int rounds, Path temporary)
      throws IOException, InterruptedException {
    Path disk = temporary.resolve("disk");
    assumeTrue(
        succeeds(mounted(mebibytes, temporary.resolve("probe"))),
        "cannot mount a small file system: unshare or mount is refused");
    List<String> arguments = List.of(disk.toString(), Integer.toString(rounds));
    Process child = ChildJvm.of(mounted(mebibytes, disk), temporary, scenario, arguments).start();
    try (var out = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.lines()).hasSize(rounds);
    }
    assertThat(child.waitFor()).isZero();
  }

  /// What comes before a command so that it finds the disk, which is gone when the command ends.
  private static List<String> mounted(int mebibytes, Path disk) {
    String inside =
        "mkdir \"$0\" && mount -t tmpfs -o size=%dm none \"$0\" && exec \"$@\""
            .formatted(mebibytes);
    return List.of(
        "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inside, disk.toString());
  }

  private static boolean succeeds(List<String> mounted) throws InterruptedException {
    try {
      var command = new ArrayList<>(mounted);
      command.add("true");
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
