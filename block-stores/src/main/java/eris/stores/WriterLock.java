package eris.stores;

import eris.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The right to write to a store: one holder among all processes, freed at the latest when the
/// process ends. A file beside or in the store, `writer.lock` in a directory, holds the lock and says
/// who has it.
///
/// POSIX drops a process's locks on a file as soon as it closes *any* descriptor of that file, so a
/// file whose lock this process holds is never opened again: [#HELD] answers first.
final class WriterLock implements AutoCloseable {
  static final String FILE_NAME = "writer.lock";
  private static final Duration PAUSE = Duration.ofMillis(50);

  /// The holders within this process, by real path.
  private static final Map<Path, LockHolder> HELD = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;

  private WriterLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Locks `directory`, which exists.
  ///
  /// @throws StoreException.Busy if another writer holds it longer than `writer` has patience
  static WriterLock acquire(Path directory, Writer writer) throws IOException {
    return acquire(directory, writer, Clock.SYSTEM);
  }

  static WriterLock acquire(Path directory, Writer writer, Clock clock) throws IOException {
    Path file = directory.toRealPath().resolve(FILE_NAME);
    return acquire(file, directory.toString(), writer, clock);
  }

  /// Locks the file at a real path, which stands for `store`.
  static WriterLock acquireFile(Path file, String store, Writer writer) throws IOException {
    return acquire(file, store, writer, Clock.SYSTEM);
  }

  private static WriterLock acquire(Path file, String store, Writer writer, Clock clock)
      throws IOException {
    LockHolder ours = LockHolder.of(writer);
    long begin = clock.nanoTime();
    Optional<WriterLock> lock = tryAcquire(file, ours);
    if (lock.isEmpty()) {
      ask(file, writer);
      writer.onWait().accept(holder(file).name());
    }
    while (lock.isEmpty()) {
      if (clock.nanoTime() - begin >= writer.patience().toNanos()) {
        throw new StoreException.Busy(store, holder(file).name());
      }
      pause(clock);
      ask(file, writer);
      lock = tryAcquire(file, ours);
    }
    return lock.get();
  }

  private static void ask(Path file, Writer writer) throws IOException {
    if (writer.heldByDaemon() == Writer.HeldByDaemon.ASK) {
      LockHolder holder = holder(file);
      Optional<Path> socket = holder.liveSocket();
      if (socket.isPresent()) {
        throw new HeldByDaemon(socket.get(), holder.name());
      }
    }
  }

  private static Optional<WriterLock> tryAcquire(Path file, LockHolder ours) throws IOException {
    if (HELD.putIfAbsent(file, ours) != null) {
      return Optional.empty();
    }
    boolean locked = false;
    try {
      Optional<WriterLock> lock = tryLock(file, ours);
      locked = lock.isPresent();
      return lock;
    } finally {
      if (!locked) {
        HELD.remove(file);
      }
    }
  }

  private static Optional<WriterLock> tryLock(Path file, LockHolder ours) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
      if (locked) {
        sign(channel, ours);
      }
      return locked ? Optional.of(new WriterLock(file, channel)) : Optional.empty();
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  /// The lock counts, not the name: on a full disk it goes unsigned.
  private static void sign(FileChannel channel, LockHolder holder) {
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(holder.toText().getBytes(StandardCharsets.UTF_8)), 0);
    } catch (IOException _) {
      return;
    }
  }

  private static LockHolder holder(Path file) throws IOException {
    LockHolder ours = HELD.get(file);
    return ours == null ? LockHolder.readFrom(file) : ours;
  }

  private static void pause(Clock clock) throws InterruptedIOException {
    try {
      clock.pause(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another writer");
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(file);
    }
  }
}
