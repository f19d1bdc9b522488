package eris.stores;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;

/// RocksDB tuned for blocks: uniformly random 32-byte row keys, values of 1 or 32 KiB that never
/// change and do not compress. The measurements are in `docs/adr/0003-rocksdb-as-embedded-store.md`.
///
/// Memory is bounded whatever the store's size: [#MEMTABLE_BYTES] times [#MEMTABLES], and
/// [#CACHE_BYTES] for the index, the filters and the row keys. Index and filters are in small parts:
/// a store that outgrows the cache reads a few KiB more for a block, not a whole filter.
final class RocksOptions implements AutoCloseable {
  static final int MEMTABLE_BYTES = 32 << 20;
  private static final int MEMTABLES = 3;
  private static final int CACHE_BYTES = 32 << 20;

  /// Every value is a blob. So compaction moves row keys only, a flipped bit in a value never stops
  /// one, and the index stays small: about 60 bytes a block.
  private static final int MIN_BLOB_BYTES = 512;

  /// A blob file is as large as a memtable, so a store of 1 TiB has 32,768. All of them open, as is
  /// RocksDB's default, is more than many systems grant a process.
  private static final int OPEN_FILES = 3000;

  private static final double FILTER_BITS_PER_KEY = 10;
  private static final int BACKGROUND_JOBS = 2;

  private final List<RocksObject> parts = new ArrayList<>(); // in order of creation
  private final Options options;

  RocksOptions() {
    LRUCache cache = part(new LRUCache(CACHE_BYTES));
    BloomFilter filter = part(new BloomFilter(FILTER_BITS_PER_KEY));
    var table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(filter)
            .setIndexType(IndexType.kTwoLevelIndexSearch)
            .setPartitionFilters(true)
            .setCacheIndexAndFilterBlocks(true)
            .setPinTopLevelIndexAndFilter(true);
    options = part(new Options());
    options
        .setCreateIfMissing(true)
        .setTableFormatConfig(table)
        .setCompressionType(CompressionType.NO_COMPRESSION)
        .setEnableBlobFiles(true)
        .setMinBlobSize(MIN_BLOB_BYTES)
        .setWriteBufferSize(MEMTABLE_BYTES)
        .setMaxWriteBufferNumber(MEMTABLES)
        .setMaxBackgroundJobs(BACKGROUND_JOBS)
        .setMaxOpenFiles(OPEN_FILES);
    keepLogShort();
    openAndCloseFast();
  }

  /// Blocks do not depend on each other and are verified by whoever reads them: after damage to the
  /// log, what can be read of it is kept.
  private void openAndCloseFast() {
    options
        .setWalRecoveryMode(WALRecoveryMode.SkipAnyCorruptedRecords)
        .setAvoidFlushDuringRecovery(true)
        .setAvoidFlushDuringShutdown(true)
        .setSkipStatsUpdateOnDbOpen(true);
  }

  /// Of the text that RocksDB writes about itself.
  private void keepLogShort() {
    options
        .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
        .setKeepLogFileNum(1)
        .setMaxLogFileSize(1 << 20)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  Options options() {
    return options;
  }

  private <T extends RocksObject> T part(T part) {
    parts.add(part);
    return part;
  }

  @Override
  public void close() {
    parts.reversed().forEach(RocksObject::close);
  }
}
