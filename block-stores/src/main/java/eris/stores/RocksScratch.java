package eris.stores;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import org.rocksdb.WriteBatch;

/// Native memory for one call into RocksDB: a key, a block and a batch, used over and over.
final class RocksScratch implements AutoCloseable {
  private final Pool pool;
  private final MemorySegment keySegment;
  private final MemorySegment blockSegment;
  private final ByteBuffer key;
  private final ByteBuffer block;
  private final WriteBatch batch = new WriteBatch();

  private RocksScratch(Pool pool) {
    this.pool = pool;
    keySegment = pool.arena.allocate(Reference.BYTES, Long.BYTES);
    blockSegment = pool.arena.allocate(BlockSize.MAX_BYTES, Long.BYTES);
    key = keySegment.asByteBuffer();
    block = blockSegment.asByteBuffer();
  }

  /// As many as there are calls at once. Calls into RocksDB pin their carrier thread, so letting in
  /// more than a few times the number of cores gains nothing and costs memory.
  static final class Pool implements AutoCloseable {
    private static final int MOST = 64;
    private final Arena arena = Arena.ofShared();
    private final Semaphore permits = new Semaphore(MOST);
    private final ArrayDeque<RocksScratch> idle = new ArrayDeque<>(); // guarded by itself
    private boolean closed; // guarded by `idle`

    RocksScratch take() throws IOException {
      permits.acquireUninterruptibly();
      synchronized (idle) {
        if (closed) {
          permits.release();
          throw new IOException("the store is closed");
        }
        RocksScratch scratch = idle.poll();
        return scratch != null ? scratch : new RocksScratch(this);
      }
    }

    /// Waits for those in use.
    @Override
    public void close() {
      permits.acquireUninterruptibly(MOST);
      synchronized (idle) {
        closed = true;
        idle.forEach(scratch -> scratch.batch.close());
        idle.clear();
      }
      arena.close();
      permits.release(MOST);
    }

    private void giveBack(RocksScratch scratch) {
      synchronized (idle) {
        idle.push(scratch);
      }
      permits.release();
    }
  }

  /// The row key of `reference`, valid until the next call.
  ByteBuffer key(Reference reference) {
    reference.writeTo(keySegment, 0);
    return key.clear();
  }

  /// Room for a block to be read.
  ByteBuffer target() {
    return block.clear();
  }

  /// A block to be written.
  ByteBuffer source(MemorySegment from) {
    blockSegment.copyFrom(from);
    return block.clear().limit(Math.toIntExact(from.byteSize()));
  }

  /// The block last read.
  MemorySegment block(int sizeBytes) {
    return blockSegment.asSlice(0, sizeBytes);
  }

  WriteBatch batch() {
    return batch;
  }

  @Override
  public void close() {
    batch.clear();
    pool.giveBack(this);
  }
}
