package eris.stores;

import eris.BlockSize;
import eris.ErisException;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// Blocks in a RocksDB in a local directory. One process writes, any number read beside it; what a
/// reader sees is what was there when it opened.
///
/// A put goes to RocksDB's log and memory, [#sync] brings the log to the disk. After an error of the
/// disk the store takes no more blocks until it is opened anew. Running out of space is different:
/// RocksDB's log has stopped in the middle of a record, so the store keeps reading from what it has,
/// answers puts with [StoreException.Full], and once there is space again the next put opens
/// RocksDB anew, under the feet of the readers, which drops the half record.
public final class RocksDbStore implements BlockStore {
  private static final String FORMAT = "eris rocksdb 1";

  /// Free space that makes it worth to try writing again: what opening and flushing want.
  private static final long RESERVE_BYTES = 16 << 20;

  private final Path directory;
  private final @Nullable WriterLock writerLock; // null: read-only
  private final RocksScratch.Pool scratches = new RocksScratch.Pool();
  private final GroupSync log = new GroupSync(this::flushLog);

  // The lock guards `database`: shared to use it, exclusive to replace it. Scratch is taken first.
  private final Lock using;
  private final Lock replacing;
  private @Nullable RocksHandle database; // null: closed, or lost by a failed replacement
  private boolean closed; // guarded by the lock
  private volatile @Nullable RocksDBException outOfSpace; // null: takes blocks
  private volatile @Nullable IOException failure;

  private RocksDbStore(Path directory, @Nullable WriterLock writerLock) {
    this.directory = directory;
    this.writerLock = writerLock;
    var lock = new ReentrantReadWriteLock();
    using = lock.readLock();
    replacing = lock.writeLock();
  }

  /// Opens the store in `directory` for reading and writing, as a writer named `eris`.
  public static RocksDbStore open(Path directory) throws IOException {
    return open(directory, Writer.named("eris"));
  }

  /// Opens the store in `directory` for reading and writing, and creates it if there is nothing.
  ///
  /// On a full disk it opens too: it can be read, and takes blocks once there is space.
  ///
  /// @throws StoreException.Busy if another writer holds it longer than `writer` has patience
  public static RocksDbStore open(Path directory, Writer writer) throws IOException {
    var home = new StoreDirectory(directory, FORMAT);
    home.prepare();
    WriterLock lock = WriterLock.acquire(directory, writer);
    var store = new RocksDbStore(directory, lock);
    boolean opened = false;
    try {
      home.mark();
      store.openDatabase();
      opened = true;
      return store;
    } finally {
      if (!opened) {
        store.close();
      }
    }
  }

  /// Opens the store in `directory` for reading. Never waits for a writer.
  ///
  /// @throws IOException if there is none
  public static RocksDbStore openReadOnly(Path directory) throws IOException {
    new StoreDirectory(directory, FORMAT).requireStore();
    var store = new RocksDbStore(directory, null);
    boolean opened = false;
    try {
      store.database = store.openForReading();
      opened = true;
      return store;
    } finally {
      if (!opened) {
        store.close();
      }
    }
  }

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    try (RocksScratch scratch = scratches.take()) {
      int size = read(reference, scratch);
      if (size == RocksHandle.ABSENT) {
        return Optional.empty();
      }
      return Optional.of(target.asSlice(0, size).copyFrom(scratch.block(size)));
    }
  }

  @Override
  public BitSet getAll(BlockBatch batch) throws IOException {
    var held = new BitSet(batch.count());
    try (RocksScratch scratch = scratches.take()) {
      for (int i = 0; i < batch.count(); i++) {
        int size = read(batch.reference(i), scratch);
        if (size == batch.blockSize().bytes()) {
          batch.block(i).copyFrom(scratch.block(size));
          held.set(i);
        }
      }
    }
    return held;
  }

  /// A block whose copy is damaged is not held: a put is welcome.
  @Override
  public boolean contains(Reference reference) throws IOException {
    try (RocksScratch scratch = scratches.take()) {
      return read(reference, scratch) != RocksHandle.ABSENT;
    } catch (ErisException.CorruptBlock _) {
      return false;
    }
  }

  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    BlockSize.of(block);
    write((database, scratch) -> add(database, scratch, reference, block));
  }

  @Override
  public void putAll(BlockBatch batch) throws IOException {
    write(
        (database, scratch) -> {
          for (int i = 0; i < batch.count(); i++) {
            add(database, scratch, batch.reference(i), batch.block(i));
          }
        });
  }

  @Override
  public void sync() throws IOException {
    if (writerLock != null) {
      log.sync();
    }
  }

  @Override
  public void close() throws IOException {
    replacing.lock();
    try {
      if (!closed) {
        closed = true;
        closeAll();
      }
    } finally {
      replacing.unlock();
    }
  }

  // Reading

  /// Reads into the block of `scratch`; returns its size or [RocksHandle#ABSENT].
  private int read(Reference reference, RocksScratch scratch) throws IOException {
    int size;
    try {
      size = readOnce(reference, scratch);
    } catch (RocksDBException e) {
      if (writerLock != null || RocksFailure.isCorruption(e)) {
        throw RocksFailure.reading(reference, directory, e);
      }
      size = readAgain(reference, scratch);
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

  /// The writer removes files that it has replaced, and a reader that comes late finds them gone:
  /// then it looks at the database as it is now.
  private int readAgain(Reference reference, RocksScratch scratch) throws IOException {
    replacing.lock();
    try {
      requireOpen().close();
      database = null;
      database = openForReading();
    } finally {
      replacing.unlock();
    }
    try {
      return readOnce(reference, scratch);
    } catch (RocksDBException e) {
      throw RocksFailure.reading(reference, directory, e);
    }
  }

  private RocksHandle requireOpen() throws IOException {
    RocksHandle open = database;
    if (open == null) {
      throw new IOException("store " + directory + " is closed");
    }
    return open;
  }

  // Writing

  private interface Filler {
    void fill(RocksHandle database, RocksScratch scratch) throws RocksDBException;
  }

  /// Writes the batch that `filler` makes, as a whole or not at all.
  private void write(Filler filler) throws IOException {
    requireWritable();
    try (RocksScratch scratch = scratches.take()) {
      using.lock();
      try {
        RocksHandle open = requireOpen();
        filler.fill(open, scratch);
        if (scratch.batch().count() > 0) {
          open.write(scratch.batch());
        }
      } catch (RocksDBException e) {
        throw refuseWrites(e);
      } finally {
        using.unlock();
      }
    }
  }

  private static void add(
      RocksHandle database, RocksScratch scratch, Reference reference, MemorySegment block)
      throws RocksDBException {
    if (!holds(database, scratch, reference, block)) {
      scratch.batch().put(scratch.key(reference), scratch.source(block));
    }
  }

  /// For a block that is not there, the filters answer without a read. A copy that differs or cannot
  /// be read is as good as none: the new one takes its place.
  private static boolean holds(
      RocksHandle database, RocksScratch scratch, Reference reference, MemorySegment block) {
    try {
      int size = database.get(scratch.key(reference), scratch.target());
      return size == block.byteSize() && scratch.block(size).mismatch(block) < 0;
    } catch (RocksDBException _) {
      return false;
    }
  }

  private void requireWritable() throws IOException {
    if (writerLock == null) {
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
    return Files.getFileStore(directory).getUsableSpace() >= RESERVE_BYTES;
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

  private void openDatabase() throws IOException {
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
        openDatabase();
      }
      RocksDBException still = outOfSpace;
      if (still != null) {
        throw new StoreException.Full(directory.toString(), still);
      }
    } finally {
      replacing.unlock();
    }
  }

  private void closeAll() throws IOException {
    try (var _ = writerLock;
        var _ = scratches;
        RocksHandle open = database) {
      database = null;
      if (open != null && writerLock != null && outOfSpace == null && failure == null) {
        open.settle();
      }
    } catch (RocksDBException e) {
      throw RocksFailure.of("cannot close store " + directory, e);
    }
  }
}
