package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
    List<String> calls = SystemCalls.ofWriter("rocksdb", temporary, BATCHES);
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
}
