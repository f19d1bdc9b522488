package eris.stores;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The files below a directory of this machine.
///
/// Each operation opens its own channel: interrupting a thread inside a channel closes it, and so
/// harms nobody else.
public final class LocalFiles implements FileDevice {
  /// The lock files this process holds. POSIX drops all locks of a process on a file as soon as it
  /// closes any descriptor of it, so a held one must not even be opened again.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final FileAttribute<?> FOR_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path root;
  private final FileAttribute<?>[] attributes; // of new files

  private LocalFiles(Path root, FileAttribute<?>... attributes) {
    this.root = root;
    this.attributes = attributes;
  }

  /// The files below `root`, a directory that exists.
  static LocalFiles below(Path root) throws IOException {
    return new LocalFiles(root.toRealPath());
  }

  /// Creates `root` and the directories above it as far as they are missing, durably.
  public static LocalFiles create(Path root) throws IOException {
    createDurably(root.toAbsolutePath());
    return below(root);
  }

  /// The same, with files that only their owner reads.
  static LocalFiles createForOwner(Path root) throws IOException {
    createDurably(root.toAbsolutePath());
    return new LocalFiles(root.toRealPath(), FOR_OWNER);
  }

  private static void createDurably(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (Files.isDirectory(directory) || parent == null) {
      return;
    }
    createDurably(parent);
    createOne(directory);
    Flushers.flush(List.of(parent));
  }

  @Override
  public OptionalLong size(String path) throws IOException {
    try {
      return OptionalLong.of(Files.size(root.resolve(path)));
    } catch (NoSuchFileException _) {
      return OptionalLong.empty();
    }
  }

  @Override
  public OptionalLong read(String path, MemorySegment target) throws IOException {
    try (var file = FileChannel.open(root.resolve(path), StandardOpenOption.READ)) {
      long size = file.size();
      if (size > target.byteSize()) {
        return OptionalLong.of(size);
      }
      ByteBuffer buffer = target.asSlice(0, size).asByteBuffer();
      while (buffer.hasRemaining() && file.read(buffer) >= 0) {}
      return OptionalLong.of(buffer.position());
    } catch (NoSuchFileException _) {
      return OptionalLong.empty();
    }
  }

  @Override
  public void write(String path, MemorySegment content) throws IOException {
    try (var file =
        FileChannel.open(
            root.resolve(path),
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            attributes)) {
      ByteBuffer buffer = content.asByteBuffer();
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    }
  }

  @Override
  public void flush(Collection<String> paths) throws IOException {
    Flushers.flush(paths.stream().map(root::resolve).toList());
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void createDirectory(String path) throws IOException {
    createOne(root.resolve(path));
  }

  private static void createOne(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw new IOException(directory + " is not a directory", e);
      }
    }
  }

  @Override
  public List<String> list(String path) throws IOException {
    try (Stream<Path> entries = Files.list(root.resolve(path))) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  @Override
  public void delete(String path) throws IOException {
    Files.deleteIfExists(root.resolve(path));
  }

  @Override
  public Optional<Closeable> tryLock(String path) throws IOException {
    Path file = root.resolve(path);
    if (!HELD.add(file)) {
      return Optional.empty();
    }
    Optional<Closeable> lock = Optional.empty();
    try {
      lock = lockFile(file);
      return lock;
    } finally {
      if (lock.isEmpty()) {
        HELD.remove(file);
      }
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // the lock that is returned closes it
  private static Optional<Closeable> lockFile(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    boolean locked = false;
    try {
      FileLock lock = channel.tryLock();
      // Between opening and locking, the file may have been deleted by the one who had the lock.
      locked = lock != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS);
      return locked ? Optional.of(() -> unlock(file, channel)) : Optional.empty();
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static void unlock(Path file, FileChannel channel) throws IOException {
    channel.close();
    HELD.remove(file);
  }

  @Override
  public String uniqueName() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
