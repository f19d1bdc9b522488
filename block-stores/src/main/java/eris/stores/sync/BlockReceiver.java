package eris.stores.sync;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockStore;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/// Takes streams of blocks, as [BlockSender] sends them, and makes durable what they bring.
final class BlockReceiver implements AutoCloseable {
  private final BlockStore store;
  private final SyncInput in;
  private final SyncListener listener;
  private final ReceivedBlocks blocks;
  private long total;

  BlockReceiver(SyncedStore to, Salt salt, SyncInput in) {
    this.store = to.store();
    this.in = in;
    this.listener = to.listener();
    this.blocks = new ReceivedBlocks(store, salt);
  }

  /// Reads one stream to its end mark. If it breaks off, what was whole is kept.
  ///
  /// @param wanted asked by several threads at once
  /// @param most blocks at most
  /// @return how many there were; all are durable
  /// @throws MalformedSync if there are too many, or others than are wanted or than the end mark
  ///     tells of
  long receive(Predicate<Reference> wanted, long most) throws IOException {
    blocks.begin(wanted);
    try {
      long count = readBlocks(most);
      if (in.readCount() != count || !in.readDigest().equals(blocks.finish())) {
        throw in.malformed("an end mark of other blocks");
      }
      store.sync();
      total += count;
      return count;
    } catch (IOException e) {
      keep(e);
      throw e;
    }
  }

  private long readBlocks(long most) throws IOException {
    long count = 0;
    int code = in.readByte();
    while (code != BlockSender.END) {
      if (code == MessageType.FAILED.code()) {
        throw PeerFailure.readFrom(in).toException();
      }
      Optional<BlockSize> size = BlockSize.ofCode(code);
      if (size.isEmpty() || count == most) {
        throw in.malformed(size.isEmpty() ? "no size of a block" : "more blocks than were told of");
      }
      blocks.read(size.get(), in);
      listener.received(size.get());
      count++;
      code = in.readByte();
    }
    return count;
  }

  private void keep(IOException cause) {
    try {
      blocks.finish();
      store.sync();
    } catch (IOException e) {
      if (!e.equals(cause)) {
        cause.addSuppressed(e);
      }
    }
  }

  /// The blocks of all streams.
  long total() {
    return total;
  }

  @Override
  public void close() {
    blocks.close();
  }
}
