package eris.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// The space that a file, or all below a directory, takes on the disk: sizes in whole blocks of the
/// file system. Holes in files count as if they were none.
final class DiskUsage extends SimpleFileVisitor<Path> {
  private final long unitBytes;
  private long bytes;

  private DiskUsage(long unitBytes) {
    this.unitBytes = unitBytes;
  }

  static long of(Path path) throws IOException {
    var usage = new DiskUsage(Files.getFileStore(path).getBlockSize());
    Files.walkFileTree(path, usage);
    return usage.bytes;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    bytes += Math.ceilDiv(attributes.size(), unitBytes) * unitBytes;
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
    bytes += unitBytes;
    return FileVisitResult.CONTINUE;
  }

  /// A store in use: files come and go.
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) {
    return FileVisitResult.CONTINUE;
  }
}
