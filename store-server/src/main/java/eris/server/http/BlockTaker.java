package eris.server.http;

import eris.BlockSize;
import eris.Reference;
import eris.server.blocks.BlockService;
import eris.store.BlockBatch;
import eris.stores.batch.BatchItem;
import eris.stores.batch.BatchReader;
import eris.stores.batch.BatchWriter;
import eris.stores.batch.EndMark;
import eris.stores.batch.MalformedBatch;
import eris.stores.batch.StreamDigest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Stores a stream of blocks, as many at once as have come, and acknowledges them when they are
/// durable: after each 4 MiB, or when no more has come.
final class BlockTaker implements AutoCloseable {
  private static final int BATCH_BYTES = 1 << 20;
  private static final int SYNC_BYTES = 4 << 20;

  private final BlockService blocks;
  private final Payer payer;
  private final BatchWriter writer;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(BATCH_BYTES, Long.BYTES);
  private final byte[] buffer = new byte[BatchReader.MOST_BYTES];
  private final StreamDigest digest = new StreamDigest();
  private BlockSize size = BlockSize.KIB_1; // of those in memory
  private int count; // of those in memory
  private long stored;
  private long durable;
  private long unsyncedBytes;

  BlockTaker(BlockService blocks, Payer payer, BatchWriter writer) {
    this.blocks = blocks;
    this.payer = payer;
    this.writer = writer;
  }

  /// Whatever ends the stream early, what was whole and paid for before is stored, and acknowledged
  /// if there is somebody left.
  void takeAll(BatchReader reader) throws IOException {
    try {
      EndMark mark = takeBlocks(reader);
      acknowledge();
      ReferenceItems.requireEnd(mark.equals(digest.endMark()), reader);
      writer.end(mark);
    } catch (IOException e) {
      keep(e);
      throw e;
    }
  }

  private void keep(IOException cause) {
    try {
      acknowledge();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private EndMark takeBlocks(BatchReader reader) throws IOException {
    while (true) {
      switch (reader.next(buffer)) {
        case BatchItem.Bytes(int bytes) when BlockSize.ofBytes(bytes).isPresent() ->
            take(BlockSize.ofBytes(bytes).get());
        case BatchItem.End(var mark) -> {
          return mark;
        }
        case BatchItem.Bytes _,
            BatchItem.Durable _,
            BatchItem.Missing _,
            BatchItem.Unreadable _,
            BatchItem.Failed _ ->
            throw new MalformedBatch("want blocks of 1024 or 32768 bytes");
      }
      if (unsyncedBytes + (long) count * size.bytes() >= SYNC_BYTES || !reader.hasMore()) {
        acknowledge();
      }
    }
  }

  private void take(BlockSize next) throws IOException {
    if (next != size || (long) (count + 1) * size.bytes() > BATCH_BYTES) {
      store();
      size = next;
    }
    payer.pay(size.bytes());
    MemorySegment.copy(
        MemorySegment.ofArray(buffer), 0, memory, (long) count * size.bytes(), size.bytes());
    count++;
  }

  private void store() throws IOException {
    if (count == 0) {
      return;
    }
    MemorySegment taken = memory.asSlice(0, (long) count * size.bytes());
    MemorySegment references = MemorySegment.ofArray(new byte[count * Reference.BYTES]);
    Reference.writeAll(taken, size, references);
    var batch = new BlockBatch(size, taken, references);
    count = 0;
    try {
      blocks.putAll(batch);
    } catch (IOException e) {
      payer.refund(taken.byteSize());
      throw e;
    }
    for (int i = 0; i < batch.count(); i++) {
      digest.add(batch.reference(i));
    }
    stored += batch.count();
    unsyncedBytes += taken.byteSize();
  }

  private void acknowledge() throws IOException {
    store();
    if (stored > durable) {
      blocks.sync();
      unsyncedBytes = 0;
      durable = stored;
      writer.durable(durable);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
