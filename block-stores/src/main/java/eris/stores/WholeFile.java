package eris.stores;

import eris.store.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// A small file that is never there in part. A new version is written beside the old one, `NAME.new`,
/// flushed, and takes its name. Who changes what is there holds the lock of a third one, `NAME.lock`.
public final class WholeFile {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Home home;
  private final String name;

  /// The file is larger than anything it could be.
  public static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    TooLargeException(long sizeBytes) {
      super("%d bytes".formatted(sizeBytes));
    }
  }

  /// The directory, which need not be there before something is written.
  private interface Home {
    Optional<FileDevice> find() throws IOException;

    FileDevice create() throws IOException;
  }

  private WholeFile(Home home, String name) {
    this.home = home;
    this.name = name;
  }

  /// The file of that name in a directory.
  public static WholeFile in(FileDevice directory, String name) {
    return new WholeFile(
        new Home() {
          @Override
          public Optional<FileDevice> find() {
            return Optional.of(directory);
          }

          @Override
          public FileDevice create() {
            return directory;
          }
        },
        name);
  }

  /// A file that only its owner reads, whose directory is created with it.
  public static WholeFile ofOwner(Path file) {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    return new WholeFile(
        new Home() {
          @Override
          public Optional<FileDevice> find() throws IOException {
            return Files.isDirectory(directory) ? Optional.of(create()) : Optional.empty();
          }

          @Override
          public FileDevice create() throws IOException {
            return LocalFiles.createForOwner(directory);
          }
        },
        file.getFileName().toString());
  }

  /// What is in it; empty if there is none. Waits for nobody.
  public Optional<byte[]> read(int mostBytes) throws IOException {
    Optional<FileDevice> directory = home.find();
    return directory.isEmpty() ? Optional.empty() : read(directory.get(), mostBytes);
  }

  private Optional<byte[]> read(FileDevice directory, int mostBytes) throws IOException {
    OptionalLong size = directory.size(name);
    if (size.isEmpty()) {
      return Optional.empty();
    }
    if (size.getAsLong() > mostBytes) {
      throw new TooLargeException(size.getAsLong());
    }
    byte[] content = new byte[(int) size.getAsLong()];
    OptionalLong read = directory.read(name, MemorySegment.ofArray(content));
    if (read.isEmpty() || read.getAsLong() != content.length) {
      return read(directory, mostBytes); // replaced between the two
    }
    return Optional.of(content);
  }

  /// Returns when the new content is durable.
  public void replace(byte[] content) throws IOException {
    FileDevice directory = home.create();
    String unfinished = name + ".new";
    directory.delete(unfinished); // of somebody who was killed
    directory.write(unfinished, MemorySegment.ofArray(content));
    directory.flush(List.of(unfinished));
    directory.rename(unfinished, name);
    directory.flush(List.of(""));
  }

  /// Keeps others from changing it, until the result is closed.
  ///
  /// @param kind for the message: `of pins`
  /// @throws StoreException.Busy if another process changes it for longer than `writer` has patience
  public Closeable lock(String kind, Writer writer) throws IOException {
    FileDevice directory = home.create();
    String lock = name + ".lock";
    long begin = Clock.SYSTEM.nanoTime();
    Optional<Closeable> held = directory.tryLock(lock);
    if (held.isEmpty()) {
      writer.onWait().accept("another process");
    }
    while (held.isEmpty()) {
      if (Clock.SYSTEM.nanoTime() - begin >= writer.patience().toNanos()) {
        throw new StoreException.Busy(kind + " " + name, "another process");
      }
      pause();
      held = directory.tryLock(lock);
    }
    return held.get();
  }

  private static void pause() throws InterruptedIOException {
    try {
      Clock.SYSTEM.pause(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another writer");
    }
  }
}
