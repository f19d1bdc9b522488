package eris.image.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file in memory that nobody can change any more, this process included: what was verified while
/// it was written stays so. It is gone with its last descriptor.
public final class SealedFile implements AutoCloseable {
  /// Scripts use the low numbers by themselves.
  private static final int LEAST_DESCRIPTOR = 100;

  private final int descriptor;

  private SealedFile(int descriptor) {
    this.descriptor = descriptor;
  }

  /// What a file will hold.
  @FunctionalInterface
  public interface Content {
    void writeTo(WritableByteChannel target) throws IOException;
  }

  /// Writes a file and seals it. If it cannot be written, there is none.
  ///
  /// @param name shows in `/proc` for people
  /// @throws IOException if `content` throws, or this system has no such files
  public static SealedFile create(String name, Content content) throws IOException {
    int created = Linux.createMemoryFile(name);
    int descriptor;
    try {
      descriptor = Linux.duplicate(created, LEAST_DESCRIPTOR);
    } finally {
      Linux.close(created);
    }
    var file = new SealedFile(descriptor);
    try {
      try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
        content.writeTo(channel);
      }
      Linux.seal(descriptor);
      return file;
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /// Valid in this process as long as the file is open.
  public int descriptor() {
    return descriptor;
  }

  /// Where this process finds the file, and the programs that inherit its descriptor.
  public Path path() {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  @Override
  public void close() throws IOException {
    Linux.close(descriptor);
  }
}
