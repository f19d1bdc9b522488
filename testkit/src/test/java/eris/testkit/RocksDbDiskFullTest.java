package eris.testkit;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fills a small file system in memory, mounted in a namespace of its own.
class RocksDbDiskFullTest {
  @TempDir Path temporary;

  @Test
  void fullDiskIsReadAndWritingResumesWithSpace() throws IOException, InterruptedException {
    SmallDisk.fill(128, DiskFullScenario.class, 2, temporary);
  }

  @Test
  @Tag("wide")
  void fullDiskIsReadAndWritingResumesWithSpaceManyTimes()
      throws IOException, InterruptedException {
    SmallDisk.fill(128, DiskFullScenario.class, 20, temporary);
  }
}
