package eris.stores;

import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// An open RocksDB and the native objects that belong to it.
///
/// Using it after [#close] brings the process down: the store guards it with a lock.
final class RocksHandle implements AutoCloseable {
  static final int ABSENT = RocksDB.NOT_FOUND;

  /// What is left in memory at the end is in the logs too, and read from there at every start: that
  /// is quicker than a flush, and a flush begins a file that stays, however few blocks are in it.
  /// Up to these limits.
  private static final long MOST_LOG_BYTES = 4 << 20;

  /// Space for the small files that RocksDB begins when it opens.
  private static final long OPENING_RESERVE_BYTES = 4 << 20;

  private static final byte[] NO_BYTES = {};
  private static final int OPEN_ATTEMPTS = 5;
  private static final int MOST_LOGS = 32;

  private final Path directory;
  private final RocksOptions options;
  private final RocksDB database;
  private final ReadOptions reading = new ReadOptions();
  private final WriteOptions writing = new WriteOptions();

  private interface Opener {
    RocksDB open(RocksOptions options) throws RocksDBException;
  }

  private RocksHandle(Path directory, Opener opener) throws RocksDBException {
    this.directory = directory;
    options = new RocksOptions();
    boolean opened = false;
    try {
      database = opener.open(options);
      opened = true;
    } finally {
      if (!opened) {
        closeOptions();
      }
    }
  }

  static RocksHandle open(Path directory) throws RocksDBException, IOException {
    RocksDB.loadLibrary();
    forceLogs(directory);
    return new RocksHandle(
        directory, options -> RocksDB.open(options.options(), directory.toString()));
  }

  /// Opens for reading. A writer beside may just have replaced a file that the list of files names:
  /// then the next list is better.
  static RocksHandle openReadOnly(Path directory) throws RocksDBException {
    RocksDB.loadLibrary();
    for (int attempt = 1; ; attempt++) {
      try {
        return new RocksHandle(
            directory, options -> RocksDB.openReadOnly(options.options(), directory.toString()));
      } catch (RocksDBException e) {
        if (attempt == OPEN_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /// Brings to the disk what the logs have. A process that was killed leaves blocks that are there
  /// for all to see but were never synced, and RocksDB syncs only the logs it began itself: without
  /// this, [RocksDbStore#sync] would vouch for a block that a power cut still takes.
  static void forceLogs(Path directory) throws IOException {
    for (Path log : logs(directory)) {
      StoreDirectory.force(log, StandardOpenOption.WRITE);
    }
    StoreDirectory.force(directory, StandardOpenOption.READ);
  }

  /// The space that [#open] may want: to flush what the logs have.
  static long openingBytes(Path directory) throws IOException {
    long bytes = OPENING_RESERVE_BYTES;
    for (Path log : logs(directory)) {
      bytes += Files.size(log);
    }
    return bytes;
  }

  private static List<Path> logs(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".log")).toList();
    }
  }

  /// Copies the value of `key` into `target`, as far as it goes.
  ///
  /// @return the size of the value, or [#ABSENT]
  int get(ByteBuffer key, ByteBuffer target) throws RocksDBException {
    return database.get(reading, key, target);
  }

  /// The first rows, `most` of them, whose keys are not less than `from`, in ascending order.
  ///
  /// Nothing is verified: a damaged value would end the list, and whoever reads it is told anyway.
  List<RocksRow> rows(Reference from, int most) throws RocksDBException {
    byte[] first = new byte[Reference.BYTES];
    from.writeTo(MemorySegment.ofArray(first), 0);
    List<RocksRow> rows = new ArrayList<>(most);
    try (var listing = new ReadOptions().setVerifyChecksums(false).setFillCache(false);
        RocksIterator row = database.newIterator(listing)) {
      for (row.seek(first); row.isValid() && rows.size() < most; row.next()) {
        MemorySegment key = MemorySegment.ofArray(row.key());
        if (key.byteSize() == Reference.BYTES) {
          rows.add(new RocksRow(Reference.readFrom(key, 0), row.value(NO_BYTES)));
        }
      }
      row.status();
    }
    return rows;
  }

  void write(WriteBatch batch) throws RocksDBException {
    database.write(writing, batch);
  }

  void syncLog() throws RocksDBException {
    database.syncWal();
  }

  /// Spares the next start a long log.
  void settle() throws RocksDBException, IOException {
    long logBytes = database.getLongProperty("rocksdb.cur-size-all-mem-tables");
    if (logBytes > MOST_LOG_BYTES || logs(directory).size() > MOST_LOGS) {
      try (var flush = new FlushOptions().setWaitForFlush(true)) {
        database.flush(flush);
      }
    }
  }

  @Override
  public void close() {
    database.close();
    closeOptions();
  }

  private void closeOptions() {
    reading.close();
    writing.close();
    options.close();
  }
}
