package eris.stores;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockSink;
import eris.store.BlockStore;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Puts many blocks into a store, in batches, and makes them durable every 64 MiB. Not safe for
/// concurrent use.
public final class BulkWriter implements BlockSink {
  private static final int BATCH_BYTES = 1 << 20;
  private static final int SYNC_BYTES = 64 << 20;

  private final BlockStore store;
  private final Waiting small = new Waiting(BlockSize.KIB_1);
  private final Waiting large = new Waiting(BlockSize.KIB_32);
  private long unsyncedBytes;

  public BulkWriter(BlockStore store) {
    this.store = store;
  }

  /// Takes a block, which is in the store after [#finish] at the latest.
  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    Waiting batch =
        switch (BlockSize.of(block)) {
          case KIB_1 -> small;
          case KIB_32 -> large;
        };
    batch.add(reference, block);
    if (batch.isFull()) {
      write(batch);
    }
    if (unsyncedBytes >= SYNC_BYTES) {
      store.sync();
      unsyncedBytes = 0;
    }
  }

  /// Returns when all blocks are durable.
  public void finish() throws IOException {
    write(small);
    write(large);
    store.sync();
  }

  private void write(Waiting batch) throws IOException {
    unsyncedBytes += batch.writeTo(store);
  }

  /// Blocks of one size that are not in the store yet.
  private static final class Waiting {
    private final BlockSize size;
    private final MemorySegment blocks = Arena.ofAuto().allocate(BATCH_BYTES, Long.BYTES);
    private final MemorySegment references;
    private int count;

    Waiting(BlockSize size) {
      this.size = size;
      this.references =
          MemorySegment.ofArray(new byte[BATCH_BYTES / size.bytes() * Reference.BYTES]);
    }

    void add(Reference reference, MemorySegment block) {
      reference.writeTo(references, (long) count * Reference.BYTES);
      blocks.asSlice((long) count * size.bytes(), size.bytes()).copyFrom(block);
      count++;
    }

    boolean isFull() {
      return count == BATCH_BYTES / size.bytes();
    }

    /// @return the bytes written
    long writeTo(BlockStore store) throws IOException {
      long bytes = (long) count * size.bytes();
      store.putAll(
          new BlockBatch(
              size,
              blocks.asSlice(0, bytes),
              references.asSlice(0, (long) count * Reference.BYTES)));
      count = 0;
      return bytes;
    }
  }
}
