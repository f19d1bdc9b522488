package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What simulated files cannot show: that the real ones are flushed by the system calls they should
/// be, in order, before a block is acknowledged.
final class DirectoryStoreTraceTest {
  private static final int BATCHES = 5;
  private static final int BLOCKS_PER_BATCH = 8;
  private static final Pattern SYNC = Pattern.compile("(?:fsync|fdatasync)\\(\\d+<([^>]*)>");
  private static final Pattern CREATE = Pattern.compile("openat\\([^\"]*\"([^\"]*)\".*O_CREAT");
  private static final Pattern RENAME = Pattern.compile("rename\\(\"([^\"]*)\", \"([^\"]*)\"");
  private static final Pattern MKDIR_SHARD = Pattern.compile("mkdir\\(\"(.*)/[A-Z2-7]{2}\"");

  @TempDir private Path temporary;

  private final Set<String> unsyncedFiles = new HashSet<>();
  private final Set<String> unsyncedDirectories = new HashSet<>();
  private int renames;
  private int acknowledgements;

  @Test
  void filesAndDirectoriesAreSyncedBeforeEachAcknowledgement()
      throws IOException, InterruptedException {
    for (String call : trace()) {
      follow(call);
    }
    assertThat(acknowledgements).isEqualTo(BATCHES);
    assertThat(renames).isEqualTo(BATCHES * BLOCKS_PER_BATCH + 1); // and FORMAT
  }

  private void follow(String call) {
    Matcher create = CREATE.matcher(call);
    Matcher sync = SYNC.matcher(call);
    Matcher rename = RENAME.matcher(call);
    Matcher mkdir = MKDIR_SHARD.matcher(call);
    if (create.find()) {
      unsyncedFiles.add(create.group(1));
    } else if (sync.find()) {
      unsyncedFiles.remove(sync.group(1));
      unsyncedDirectories.remove(sync.group(1));
    } else if (rename.find()) {
      renames++;
      assertThat(unsyncedFiles).as("at %s", call).doesNotContain(rename.group(1));
      unsyncedDirectories.add(parent(rename.group(2)));
    } else if (mkdir.find()) {
      unsyncedDirectories.add(mkdir.group(1));
    } else if (call.contains("write(1<")) {
      acknowledgements++;
      assertThat(unsyncedDirectories).as("at %s", call).isEmpty();
    }
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /// The calls in the order in which they ended.
  private List<String> trace() throws IOException, InterruptedException {
    assumeTrue(straceWorks(), "no strace, or it may not trace here");
    Path trace = temporary.resolve("trace");
    String calls = "trace=write,fsync,fdatasync,openat,rename,mkdir";
    List<String> strace = List.of("strace", "-f", "-y", "-o", trace.toString(), "-e", calls);
    List<String> arguments =
        List.of("dir:" + temporary.resolve("store"), "1", "1", Integer.toString(BATCHES));
    Process child = ChildJvm.of(strace, temporary, CrashWriter.class, arguments).start();
    try (var out = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.lines()).hasSize(BATCHES);
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
