package eris.stores;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockInventory;
import eris.store.BlockSink;
import eris.store.BlockSource;
import eris.store.BlockStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Copies all that a store holds, in ascending order, every block verified. What is corrupt is told
/// and left out.
public final class StoreCopy {
  private static final int PAGE_BYTES = 4 << 20;

  private final BlockInventory inventory;
  private final BlockSource source;
  private final Listener listener;

  /// Told what happens, on the thread that copies.
  public interface Listener {
    void copied(BlockSize size);

    /// A block that the other store holds already.
    void present(Reference reference);

    void corrupt(CorruptBlock corrupt) throws IOException;
  }

  /// Which blocks to pass over because they are there already; asked by many threads at once.
  @FunctionalInterface
  private interface Present {
    boolean test(Reference reference) throws IOException;
  }

  /// @param source gives the blocks that `inventory` tells of: the same store
  public StoreCopy(BlockInventory inventory, BlockSource source, Listener listener) {
    this.inventory = inventory;
    this.source = source;
    this.listener = listener;
  }

  /// Puts what `store` does not hold, and returns when it is durable. To go on after an interruption
  /// is to begin again.
  public void into(BlockStore store) throws IOException {
    var writer = new BulkWriter(store);
    copy(store::contains, writer);
    writer.finish();
  }

  /// Passes on all blocks.
  public void intoEmpty(BlockSink sink) throws IOException {
    copy(_ -> false, sink);
  }

  private void copy(Present present, BlockSink sink) throws IOException {
    try (var pages = new PageReader(source, PAGE_BYTES, visitor(present, sink))) {
      inventory.forEach(Reference.LEAST, (reference, size) -> pages.visit(reference, size.bytes()));
      pages.finish();
    }
  }

  private PageReader.Visitor visitor(Present present, BlockSink sink) {
    return new PageReader.Visitor() {
      @Override
      public boolean wants(Reference reference) throws IOException {
        return !present.test(reference);
      }

      @Override
      public void unwanted(Reference reference) {
        listener.present(reference);
      }

      @Override
      public void sound(Reference reference, MemorySegment block) throws IOException {
        sink.put(reference, block);
        listener.copied(BlockSize.of(block));
      }

      @Override
      public void corrupt(CorruptBlock corrupt) throws IOException {
        listener.corrupt(corrupt);
      }
    };
  }
}
