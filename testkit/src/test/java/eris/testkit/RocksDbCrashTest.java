package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksDbCrashTest {
  @TempDir Path temporary;

  @Test
  void killedWriterLosesNothingAcknowledged() throws IOException, InterruptedException {
    assertThat(cycles(20261123).run(10)).isGreaterThan(10 * 8);
  }

  @Test
  @Tag("wide")
  void killedWriterLosesNothingAcknowledgedIn200Cycles() throws IOException, InterruptedException {
    assertThat(cycles(1).run(200)).isGreaterThan(200 * 8);
  }

  private KillCycles cycles(long seed) {
    return new KillCycles("rocksdb:" + temporary.resolve("store"), temporary, seed);
  }
}
