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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a killed process cannot show: that blocks are on the disk, not only in the page cache, when
/// they are acknowledged. Reads the trace of the system calls of a writer.
class RocksDbTraceTest {
  private static final int BATCHES = 5;

  @TempDir Path temporary;

  @Test
  void logAndDirectoryAreSyncedBeforeEachAcknowledgement()
      throws IOException, InterruptedException {
    List<String> calls = trace();
    int acknowledgements = 0;
    boolean directorySynced = false;
    boolean logSynced = true;
    for (String call : calls) {
      if (call.contains("write(") && call.contains(".log>")) {
        logSynced = false;
      } else if (isSync(call) && call.contains(".log>")) {
        logSynced = true;
      } else if (isSync(call) && call.contains("/store>")) {
        directorySynced = true;
      } else if (call.contains("write(1<")) {
        acknowledgements++;
        assertThat(logSynced).as("log synced before: %s", call).isTrue();
        assertThat(directorySynced).as("directory synced before: %s", call).isTrue();
      } else if (call.contains(".log\"") && call.contains("O_CREAT")) {
        directorySynced = false;
      }
    }
    assertThat(acknowledgements).isEqualTo(BATCHES);
  }

  private static boolean isSync(String call) {
    return call.contains("fsync(") || call.contains("fdatasync(");
  }

  /// The calls in the order in which they ended or, for a write, began.
  private List<String> trace() throws IOException, InterruptedException {
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
            "trace=write,pwrite64,writev,fsync,fdatasync,openat,rename");
    List<String> arguments =
        List.of("rocksdb:" + temporary.resolve("store"), "1", "1", Integer.toString(BATCHES));
    Process child = ChildJvm.of(strace, temporary, CrashWriter.class, arguments).start();
    try (var out = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.lines()).hasSize(BATCHES);
    }
    assertThat(child.waitFor()).isZero();
    return joined(Files.readAllLines(trace));
  }

  /// A call that another thread's calls interrupt is two lines; it counts where it ends. One thread
  /// writes and syncs here, so its own calls never overlap.
  private static List<String> joined(List<String> lines) {
    List<String> calls = new ArrayList<>();
    var pending = new HashMap<String, String>();
    for (String line : lines) {
      String process = line.substring(0, line.indexOf(' '));
      if (line.contains("<unfinished ...>")) {
        pending.put(process, line);
      } else if (line.contains(" resumed>")) {
        calls.add(pending.getOrDefault(process, "") + line);
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
