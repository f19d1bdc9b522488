package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a simulated disk cannot show: that the real file is flushed by the system calls it should
/// be, after the last write and before a block is acknowledged; and its directory when it is made.
final class VolumeTraceTest {
  private static final int BATCHES = 5;

  @TempDir private Path temporary;

  @Test
  void fileIsSyncedBeforeEachAcknowledgement() throws IOException, InterruptedException {
    boolean dirty = false;
    boolean named = false;
    int acknowledgements = 0;
    int writes = 0;
    for (String call : SystemCalls.ofWriter("volume", temporary, BATCHES)) {
      if (call.contains("pwrite64(") && call.contains("/store")) {
        dirty = true;
        writes++;
      } else if (call.contains("fdatasync(") && call.contains("/store>")) {
        dirty = false;
      } else if (call.contains("fsync(") && call.contains(temporary.toRealPath() + ">")) {
        named = true;
      } else if (call.contains("write(1<")) {
        acknowledgements++;
        assertThat(dirty).as("at %s", call).isFalse();
        assertThat(named).isTrue();
      }
    }
    assertThat(acknowledgements).isEqualTo(BATCHES);
    assertThat(writes).isGreaterThan(3 * BATCHES);
  }
}
