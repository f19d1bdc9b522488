package eris.stores.sync;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.stores.PageReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Reads blocks, several at once, and sends those that are sound as a stream, which ends with their
/// count and digest.
final class BlockSender implements AutoCloseable {
  /// In the place of the size of a block.
  static final int END = 0;

  private static final int PAGE_BYTES = 4 << 20;

  private final Salt salt;
  private final SyncOutput out;
  private final SyncListener listener;
  private final PageReader pages;
  private long count;
  private SetDigest digest = SetDigest.EMPTY;
  private long total;

  BlockSender(SyncedStore from, Salt salt, SyncOutput out) {
    this.salt = salt;
    this.out = out;
    this.listener = from.listener();
    this.pages = new PageReader(from.store(), PAGE_BYTES, new Sending());
  }

  /// Sends a block, sooner or later. One that is gone or corrupt is left out.
  void add(Reference reference, BlockSize size) throws IOException {
    pages.visit(reference, size.bytes());
  }

  /// Sends what is left and the end mark.
  ///
  /// @return how many blocks this stream had
  long end() throws IOException {
    pages.finish();
    out.writeNumber(END, 1);
    out.writeNumber(count, Long.BYTES);
    out.writeDigest(digest);
    long sent = count;
    total += count;
    count = 0;
    digest = SetDigest.EMPTY;
    return sent;
  }

  /// The blocks of all streams that have ended.
  long total() {
    return total;
  }

  @Override
  public void close() {
    pages.close();
  }

  private final class Sending implements PageReader.Visitor {
    @Override
    public void sound(Reference reference, MemorySegment block) throws IOException {
      BlockSize size = BlockSize.of(block);
      out.writeNumber(size.code(), 1);
      out.writeBlock(block);
      digest = digest.plus(salt.digest(reference));
      count++;
      listener.sent(size);
    }

    @Override
    public void corrupt(CorruptBlock corrupt) throws IOException {
      listener.corrupt(corrupt);
    }
  }
}
