package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
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
    for (String call : SystemCalls.ofWriter("dir", temporary, BATCHES)) {
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
}
