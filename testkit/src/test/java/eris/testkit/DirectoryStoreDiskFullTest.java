package eris.testkit;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fills a small file system in memory, mounted in a namespace of its own.
final class DirectoryStoreDiskFullTest {
  private static final int ROUNDS = 10;

  @TempDir private Path temporary;

  @Test
  void fullDiskIsReadAndWritingResumesWithSpace() throws IOException, InterruptedException {
    SmallDisk.fill(8, DirectoryDiskFullScenario.class, ROUNDS, temporary);
  }
}
