package eris.stores;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.ErisException.MalformedReference;
import eris.Reference;
import eris.store.ScrubbableStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Goes through a store in the order of its references, which are its positions.
final class InventoryScan implements CopyScan {
  private final ScrubbableStore store;
  private final int pageBytes;

  InventoryScan(ScrubbableStore store, int pageBytes) {
    this.store = store;
    this.pageBytes = pageBytes;
  }

  @Override
  public boolean run(String from, Visitor visitor) throws IOException {
    Reference first = reference(from);
    try (var pages = new PageReader(store, pageBytes, telling(visitor))) {
      store.forEachCopy(first, pages);
      pages.finish();
    }
    return !first.equals(Reference.LEAST);
  }

  private static Reference reference(String position) {
    try {
      return Reference.parse(position);
    } catch (MalformedReference _) {
      return Reference.LEAST;
    }
  }

  private static PageReader.Visitor telling(Visitor visitor) {
    return new PageReader.Visitor() {
      @Override
      public void sound(Reference reference, MemorySegment block) throws IOException {
        visitor.sound(BlockSize.of(block));
      }

      @Override
      public void corrupt(CorruptBlock corrupt) throws IOException {
        visitor.corrupt(corrupt);
      }

      @Override
      public void visitedTo(Reference last) throws IOException {
        visitor.visitedTo(last.toString()); // which is verified once more
      }
    };
  }
}
