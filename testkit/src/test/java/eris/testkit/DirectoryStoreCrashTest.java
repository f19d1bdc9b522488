package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryStoreCrashTest {
  @TempDir private Path temporary;

  @Test
  void killedWriterLosesNothingAcknowledged() throws IOException, InterruptedException {
    assertThat(cycles(20261123).run(3)).isGreaterThan(3 * 8);
    assertThat(temporary.resolve("store/writers")).isEmptyDirectory();
  }

  @Test
  @Tag("wide")
  void killedWriterLosesNothingAcknowledgedIn50Cycles() throws IOException, InterruptedException {
    assertThat(cycles(1).run(50)).isGreaterThan(50 * 8);
  }

  private KillCycles cycles(long seed) {
    return new KillCycles("dir:" + temporary.resolve("store"), temporary, seed);
  }
}
