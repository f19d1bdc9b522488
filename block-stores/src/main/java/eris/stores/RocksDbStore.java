package eris.stores;

import eris.BlockSize;
import eris.ErisException;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.ScrubbableStore;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// Blocks in a RocksDB in a local directory. One process writes, any number read beside it; what a
/// reader sees is what was there when it opened.
///
/// A put goes to RocksDB's log and memory, [#sync] brings the log to the disk. After an error of the
/// disk the store takes no more blocks until it is opened anew; after [StoreException.Full] it takes
/// them again as soon as there is space.
///
/// The values are in files of their own, and listing the blocks reads these too: RocksDB lets a Java
/// program have no row without its value. In place of a bad copy that was set aside there is an empty
/// one.
public final class RocksDbStore implements ScrubbableStore {
  private static final int ROWS_AT_A_TIME = 128;
  private static final String FORMAT = "eris rocksdb 1";

  private final Path directory;
  private final @Nullable WriterLock writerLock; // null: read-only
  private final RocksSession session;
  private final RocksScratch.Pool scratches = new RocksScratch.Pool();
  private boolean closed; // guarded by this

  private RocksDbStore(Path directory, @Nullable WriterLock writerLock, RocksSession session) {
    this.directory = directory;
    this.writerLock = writerLock;
    this.session = session;
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
    boolean opened = false;
    try {
      home.mark();
      var store = new RocksDbStore(directory, lock, RocksSession.open(directory));
      opened = true;
      return store;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  /// Opens the store in `directory` for reading. Never waits for a writer.
  ///
  /// @throws IOException if there is none
  public static RocksDbStore openReadOnly(Path directory) throws IOException {
    new StoreDirectory(directory, FORMAT).requireStore();
    return new RocksDbStore(directory, null, RocksSession.openReadOnly(directory));
  }

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    try (RocksScratch scratch = scratches.take()) {
      int size = session.read(reference, scratch);
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
        int size = session.read(batch.reference(i), scratch);
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
      return session.read(reference, scratch) != RocksHandle.ABSENT;
    } catch (ErisException.CorruptBlock _) {
      return false;
    }
  }

  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    BlockSize.of(block);
    write((database, scratch) -> add(database, scratch, reference, block));
  }

  /// All of `batch` at once: after a failure none of it is held.
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
  public void forEach(Reference from, Visitor visitor) throws IOException {
    forEachCopy(from, Copies.held(visitor));
  }

  /// Some rows at a time: `visitor` may put blocks, and take its time.
  @Override
  public void forEachCopy(Reference from, CopyVisitor visitor) throws IOException {
    List<RocksRow> rows = session.rows(from, ROWS_AT_A_TIME);
    while (!rows.isEmpty()) {
      for (RocksRow row : rows) {
        visitor.visit(row.reference(), row.sizeBytes());
      }
      Reference last = rows.getLast().reference();
      rows = session.rows(last, ROWS_AT_A_TIME);
      if (!rows.isEmpty() && rows.getFirst().reference().equals(last)) {
        rows.removeFirst();
      }
    }
  }

  @Override
  public String placeOf(Reference reference) {
    return "database " + directory;
  }

  @Override
  public void setAside(Reference reference) throws IOException {
    try (RocksScratch scratch = scratches.take()) {
      session.writeAlone(scratch, (database, _) -> replaceBad(database, scratch, reference));
    }
    sync();
  }

  @Override
  public void sync() throws IOException {
    session.sync();
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (var _ = writerLock) {
      session.close();
    } finally {
      scratches.close();
    }
  }

  private void write(RocksSession.Filler filler) throws IOException {
    try (RocksScratch scratch = scratches.take()) {
      session.write(scratch, filler);
    }
  }

  private static void add(
      RocksHandle database, RocksScratch scratch, Reference reference, MemorySegment block)
      throws RocksDBException {
    if (!holds(database, scratch, reference, block)) {
      scratch.batch().put(scratch.key(reference), scratch.source(block));
    }
  }

  private static void replaceBad(RocksHandle database, RocksScratch scratch, Reference reference)
      throws RocksDBException {
    try {
      int size = database.get(scratch.key(reference), scratch.target());
      if (size == RocksHandle.ABSENT
          || BlockSize.ofBytes(size).isPresent()
              && Reference.of(scratch.block(size)).equals(reference)) {
        return;
      }
    } catch (RocksDBException e) {
      if (!RocksFailure.isCorruption(e)) {
        throw e;
      }
    }
    scratch.batch().put(scratch.key(reference), scratch.source(MemorySegment.NULL));
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
}
