package eris.testkit;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fills a file system of 64 MiB in memory, mounted in a namespace of its own.
final class VolumeDiskFullTest {
  @TempDir private Path temporary;

  @Test
  void fullDiskIsReadAndWritingResumesWithSpace() throws IOException, InterruptedException {
    SmallDisk.fill(64, VolumeDiskFullScenario.class, 3, temporary);
  }

  @Test
  @Tag("wide")
  void fullDiskIsReadAndWritingResumesWithSpaceManyTimes()
      throws IOException, InterruptedException {
    SmallDisk.fill(64, VolumeDiskFullScenario.class, 100, temporary);
  }
}
