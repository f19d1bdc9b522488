package eris.server.access;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/// Where accounts and tokens are kept. There is always a whole file, the old one or the new one, and
/// only its owner reads it.
public final class AccessFile {
  private static final int MAX_BYTES = 1 << 24;

  /// Locks of files are between processes.
  private static final ReentrantLock CHANGING = new ReentrantLock();

  private final Path file;

  public AccessFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /// What is in it; nobody is let in if there is none.
  ///
  /// @throws MalformedAccess if it is something else
  public AccessList read() throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new MalformedAccess(file, 1, "the file has more than %d bytes".formatted(MAX_BYTES));
      }
      return AccessText.parse(Files.readString(file), file);
    } catch (NoSuchFileException _) {
      return AccessList.EMPTY;
    } catch (CharacterCodingException _) {
      throw new MalformedAccess(file, 1, "the file is not text");
    }
  }

  /// Changes it, one process at a time.
  ///
  /// @throws IllegalArgumentException if `change` does; the file is as it was
  public void update(UnaryOperator<AccessList> change) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    CHANGING.lock();
    try (FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock(); // until it is closed
      write(AccessText.format(change.apply(read())));
    } finally {
      CHANGING.unlock();
    }
  }

  private void write(String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(next, text);
    DurableFiles.replace(next, file);
  }
}
