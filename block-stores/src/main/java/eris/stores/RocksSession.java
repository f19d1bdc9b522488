package eris.stores;

import eris.BlockSize;
import eris.ErisException;
import eris.Reference;
import eris.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// A RocksDB in use by many threads, and what becomes of it after errors.
///
/// After an error of the disk it takes no more blocks: what the disk has is unknown until it is
/// opened anew. Running out of space is different: RocksDB's log has stopped in the middle of a
/// record, for good. So the session keeps reading from what it has, answers writes with
/// [StoreException.Full], and once there is space the next write opens RocksDB anew, under the feet
/// of the readers; that drops the half record.
final class RocksSession implements AutoCloseable {
  /// The size of what stands for a block whose copy was found to be bad.
  static final int SET_ASIDE = 0;

  private final Path directory;
  private final boolean writable;
  private final GroupSync log = new GroupSync(this::flushLog);

  // The lock guards `database`: shared to use it, exclusive to replace it.
  private final Lock using;
  private final Lock replacing;
  private @Nullable RocksHandle database; // null: closed, or lost while it was replaced
  private volatile @Nullable RocksDBException outOfSpace; // null: takes blocks
  private volatile @Nullable IOException failure;

  /// Puts what is to be written into the batch of `scratch`.
  interface Filler {
    void fill(RocksHandle database, RocksScratch scratch) throws RocksDBException;
  }

  private RocksSession(Path directory, boolean writable) {
    this.directory = directory;
    this.writable = writable;
    var lock = new ReentrantReadWriteLock();
    using = lock.readLock();
    replacing = lock.writeLock();
  }

  /// Opens for reading and writing; on a full disk for reading, until there is space.
  static RocksSession open(Path directory) throws IOException {
    var session = new RocksSession(directory, true);
    session.openForWriting();
    return session;
  }

  static RocksSession openReadOnly(Path directory) throws IOException {
    var session = new RocksSession(directory, false);
    session.database = session.openForReading();
    return session;
  }

  /// Reads into the block of `scratch`; returns its size or [RocksHandle#ABSENT].
  int read(Reference reference, RocksScratch scratch) throws IOException {
    int size;
    try {
      size = readOnce(reference, scratch);
    } catch (RocksDBException e) {
      if (writable || RocksFailure.isCorruption(e)) {
        throw RocksFailure.reading(reference, directory, e);
      }
      size = readAgain(reference, scratch);
    }
    if (size == SET_ASIDE) {
      throw new ErisException.CorruptBlock(reference, "was bad and is set aside");
    }
    if (size != RocksHandle.ABSENT && BlockSize.ofBytes(size).isEmpty()) {
      throw new ErisException.CorruptBlock(
          reference, "holds %d bytes, want 1024 or 32768".formatted(size));
    }
    return size;
  }

  private int readOnce(Reference reference, RocksScratch scratch)
      throws IOException, RocksDBException {
    using.lock();
    try {
      return requireOpen().get(scratch.key(reference), scratch.target());
    } finally {
      using.unlock();
    }
  }

  private int readAgain(Reference reference, RocksScratch scratch) throws IOException {
    readAnew();
    try {
      return readOnce(reference, scratch);
    } catch (RocksDBException e) {
      throw RocksFailure.reading(reference, directory, e);
    }
  }

  /// The writer removes files that it has replaced, and a reader that comes late finds them gone:
  /// then it looks at the database as it is now.
  private void readAnew() throws IOException {
    replacing.lock();
    try {
      requireOpen().close();
      database = null;
      database = openForReading();
    } finally {
      replacing.unlock();
    }
  }

  /// The first rows, `most` of them, that are not less than `from`, in ascending order.
  List<RocksRow> rows(Reference from, int most) throws IOException {
    try {
      return rowsOnce(from, most);
    } catch (RocksDBException e) {
      if (writable || RocksFailure.isCorruption(e)) {
        throw RocksFailure.of("cannot list store " + directory, e);
      }
    }
    readAnew();
    try {
      return rowsOnce(from, most);
    } catch (RocksDBException e) {
      throw RocksFailure.of("cannot list store " + directory, e);
    }
  }

  private List<RocksRow> rowsOnce(Reference from, int most) throws IOException, RocksDBException {
    using.lock();
    try {
      return requireOpen().rows(from, most);
    } finally {
      using.unlock();
    }
  }

  private RocksHandle requireOpen() throws IOException {
    RocksHandle open = database;
    if (open == null) {
      throw new IOException("store " + directory + " is closed");
    }
    return open;
  }

  /// Writes the batch that `filler` makes, as a whole or not at all.
  void write(RocksScratch scratch, Filler filler) throws IOException {
    write(using, scratch, filler);
  }

  /// As [#write]; nobody else writes between what `filler` reads and what it writes.
  void writeAlone(RocksScratch scratch, Filler filler) throws IOException {
    write(replacing, scratch, filler);
  }

  private void write(Lock lock, RocksScratch scratch, Filler filler) throws IOException {
    requireWritable();
    lock.lock();
    try {
      RocksHandle open = requireOpen();
      filler.fill(open, scratch);
      if (scratch.batch().count() > 0) {
        open.write(scratch.batch());
      }
    } catch (RocksDBException e) {
      throw refuseWrites(e);
    } finally {
      lock.unlock();
    }
  }

  void sync() throws IOException {
    if (writable) {
      log.sync();
    }
  }

  private void requireWritable() throws IOException {
    if (!writable) {
      throw new StoreException.ReadOnly(directory.toString());
    }
    log.requireSound();
    if (failure != null) {
      throw new IOException("store " + directory + " takes no blocks after an error", failure);
    }
    if (outOfSpace != null) {
      resume();
    }
  }

  /// Called with the lock held, so that [#flushLog] knows why the log has stopped.
  private IOException refuseWrites(RocksDBException cause) throws IOException {
    if (outOfSpace != null || RocksFailure.isOutOfSpace(cause) || !hasSpace()) {
      outOfSpace = cause;
      return new StoreException.Full(directory.toString(), cause);
    }
    IOException refusal = RocksFailure.of("cannot write to store " + directory, cause);
    failure = refusal;
    return refusal;
  }

  private boolean hasSpace() throws IOException {
    return Files.getFileStore(directory).getUsableSpace() >= RocksHandle.openingBytes(directory);
  }

  private void flushLog() throws IOException {
    Optional<RocksDBException> unsynced;
    using.lock();
    try {
      unsynced = syncLog(requireOpen());
    } finally {
      using.unlock();
    }
    if (unsynced.isPresent()) {
      flushStoppedLog(unsynced.get());
    }
  }

  private Optional<RocksDBException> syncLog(RocksHandle open) {
    RocksDBException stopped = outOfSpace;
    if (stopped != null) {
      return Optional.of(stopped);
    }
    try {
      open.syncLog();
      return Optional.empty();
    } catch (RocksDBException e) {
      return Optional.of(e);
    }
  }

  /// After a put that ran out of space RocksDB refuses to sync its log, though the records before
  /// are whole and in the file. Any other failure counts: what the disk has is unknown.
  private void flushStoppedLog(RocksDBException cause) throws IOException {
    replacing.lock(); // waits for a put that is about to set `outOfSpace`
    try {
      if (outOfSpace == null || failure != null) {
        throw RocksFailure.of("cannot sync store " + directory, cause);
      }
      RocksHandle.forceLogs(directory);
    } finally {
      replacing.unlock();
    }
  }

  // Opening, closing and opening again

  private void openForWriting() throws IOException {
    try {
      database = RocksHandle.open(directory);
      outOfSpace = null;
    } catch (RocksDBException e) {
      if (!RocksFailure.isOutOfSpace(e)) {
        throw RocksFailure.of("cannot open store " + directory, e);
      }
      outOfSpace = e;
      database = openForReading();
    }
  }

  private RocksHandle openForReading() throws IOException {
    try {
      return RocksHandle.openReadOnly(directory);
    } catch (RocksDBException e) {
      throw RocksFailure.of("cannot open store " + directory, e);
    }
  }

  private void resume() throws IOException {
    replacing.lock();
    try {
      if (outOfSpace != null && hasSpace()) {
        requireOpen().close();
        database = null;
        openForWriting();
      }
      RocksDBException still = outOfSpace;
      if (still != null) {
        throw new StoreException.Full(directory.toString(), still);
      }
    } finally {
      replacing.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    replacing.lock();
    try (RocksHandle open = database) {
      database = null;
      if (open != null && writable && outOfSpace == null && failure == null) {
        open.settle();
      }
    } catch (RocksDBException e) {
      if (!RocksFailure.isOutOfSpace(e)) { // else the log keeps what it has
        throw RocksFailure.of("cannot close store " + directory, e);
      }
    } finally {
      replacing.unlock();
    }
  }
}
