package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// The system calls of a [CrashWriter], from `strace`: what a killed process cannot show, since the
/// page cache survives it.
final class SystemCalls {
  private SystemCalls() {}

  /// Lets one thread write to a store below `temporary`, and returns its calls in
  /// the order in which they ended. Skips the test where tracing is not possible.
  ///
  /// @param scheme as in `dir`
  static List<String> ofWriter(String scheme, Path temporary, int batches)
      throws IOException, InterruptedException {
    assumeTrue(straceWorks(), "no strace, or it may not trace here");
    Path trace = temporary.resolve("trace");
    List<String> strace =
        List.of(
            "strace",
            "-f",
            "-y",
            "-s",
            "0",
            "-o",
            trace.toString(),
            "-e",
            "trace=write,pwrite64,writev,fsync,fdatasync,openat,rename,mkdir");
    List<String> arguments =
        List.of(scheme + ":" + temporary.resolve("store"), "1", "1", Integer.toString(batches));
    Process child = ChildJvm.of(strace, temporary, CrashWriter.class, arguments).start();
    try (var out = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.lines()).hasSize(batches);
    }
    assertThat(child.waitFor()).isZero();
    return joined(Files.readAllLines(trace, StandardCharsets.ISO_8859_1));
  }

  /// A call that another thread's calls interrupt is two lines; it counts where it ends.
  private static List<String> joined(List<String> lines) {
    List<String> calls = new ArrayList<>();
    var begun = new HashMap<String, String>();
    for (String line : lines) {
      String thread = line.substring(0, line.indexOf(' '));
      if (line.contains("<unfinished ...>")) {
        begun.put(thread, line);
      } else if (line.contains(" resumed>")) {
        calls.add(begun.getOrDefault(thread, "") + line);
      } else {
        calls.add(line);
      }
    }
    return calls;
  }

  private static boolean straceWorks() throws InterruptedException {
    try {
      return new ProcessBuilder("strace", "-f", "-o", "/dev/null", "true").start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
