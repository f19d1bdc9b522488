package eris.stores;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// Where one open store writes files before they get their final names.
///
/// The lock beside the directory tells the living from the dead: it goes with its process, and what
/// a dead writer left is removed by the next one that opens. No name is used twice, so whoever holds
/// the lock of a name that is not its own holds a dead one's.
final class WriterDirectory implements Closeable {
  private static final String LOCK_SUFFIX = ".lock";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  private final FileDevice files;
  private final String id;
  private final Closeable lock;
  private final AtomicLong fileCount = new AtomicLong();

  private WriterDirectory(FileDevice files, String id, Closeable lock) {
    this.files = files;
    this.id = id;
    this.lock = lock;
  }

  static WriterDirectory open(FileDevice files) throws IOException {
    files.createDirectory(DirectoryLayout.WRITERS);
    removeDead(files);
    while (true) {
      String id = files.uniqueName();
      Optional<Closeable> lock = files.tryLock(lockOf(id));
      if (lock.isPresent()) {
        return create(files, id, lock.get());
      } // else another writer took it for dead just as it was born
    }
  }

  private static WriterDirectory create(FileDevice files, String id, Closeable lock)
      throws IOException {
    var directory = new WriterDirectory(files, id, lock);
    try {
      files.createDirectory(directoryOf(id));
      return directory;
    } catch (IOException e) {
      directory.close();
      throw e;
    }
  }

  /// Writes a file that no other will be written over. If that fails, nothing stays behind.
  String write(MemorySegment content) throws IOException {
    String file = directoryOf(id) + "/" + fileCount.getAndIncrement();
    try {
      files.write(file, content);
      return file;
    } catch (IOException e) {
      discard(file);
      throw e;
    }
  }

  /// Deletes a file. One that stays all the same is left to the next writer.
  void discard(String file) {
    try {
      files.delete(file);
    } catch (IOException _) {
      // nobody will read it
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      remove(files, id);
    } catch (IOException _) {
      // the next writer removes the rest
    }
  }

  private static void removeDead(FileDevice files) throws IOException {
    Set<String> ids = new TreeSet<>();
    for (String name : files.list(DirectoryLayout.WRITERS)) {
      ids.add(name.endsWith(LOCK_SUFFIX) ? name.substring(0, name.lastIndexOf('.')) : name);
    }
    for (String id : ids) {
      if (ID.matcher(id).matches()) {
        removeIfDead(files, id);
      }
    }
  }

  private static void removeIfDead(FileDevice files, String id) {
    try {
      Optional<Closeable> lock = files.tryLock(lockOf(id));
      if (lock.isPresent()) {
        try (Closeable _ = lock.get()) {
          remove(files, id);
        }
      }
    } catch (IOException _) {
      // It may belong to another user, and only costs space.
    }
  }

  private static void remove(FileDevice files, String id) throws IOException {
    for (String name : files.list(directoryOf(id))) {
      files.delete(directoryOf(id) + "/" + name);
    }
    files.delete(directoryOf(id));
    files.delete(lockOf(id));
  }

  private static String directoryOf(String id) {
    return DirectoryLayout.WRITERS + "/" + id;
  }

  private static String lockOf(String id) {
    return directoryOf(id) + LOCK_SUFFIX;
  }
}
