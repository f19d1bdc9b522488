package eris.stores;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockSource;
import eris.store.ScrubbableStore.CopyVisitor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads and verifies the blocks that an inventory tells of, and passes them on in its order.
///
/// A page of blocks is read at a time, in parts, by a few threads: as many as a disk or a server has
/// use for. Only the calling thread visits.
public final class PageReader implements CopyVisitor, AutoCloseable {
  private static final int PARTS = 16;

  private final VerifiedSource source;
  private final Visitor visitor;
  private final int partBytes;
  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> memory = new ArrayList<>(); // as many parts as were needed
  private final ExecutorService threads;
  private final List<List<PagePart.Copy>> page = new ArrayList<>();
  private long lastPartBytes;

  public interface Visitor {
    /// Whether to read the block at all; called by many threads at once.
    default boolean wants(Reference reference) throws IOException {
      return true;
    }

    /// A block that was not wanted.
    default void unwanted(Reference reference) {}

    /// A block that hashes to its reference. `block` is valid during the call.
    void sound(Reference reference, MemorySegment block) throws IOException;

    void corrupt(CorruptBlock corrupt) throws IOException;

    /// All blocks up to `last` were visited.
    default void visitedTo(Reference last) throws IOException {}
  }

  /// @param pageBytes how much to read at a time, more or less
  public PageReader(BlockSource source, int pageBytes, Visitor visitor) {
    this.source = new VerifiedSource(source);
    this.visitor = visitor;
    this.partBytes = Math.max(pageBytes / PARTS, BlockSize.MAX_BYTES);
    threads = Executors.newFixedThreadPool(PARTS, Thread.ofPlatform().daemon().factory());
  }

  /// Takes note of a block, and of the page that ends with it, if one does, reads all.
  @Override
  public void visit(Reference reference, long sizeBytes) throws IOException {
    long room = BlockSize.ofBytes(sizeBytes).map(BlockSize::bytes).orElse(0);
    if (page.isEmpty() || lastPartBytes + room > partBytes || isFull(page.getLast())) {
      if (page.size() == PARTS) {
        readPage();
      }
      page.add(new ArrayList<>());
      lastPartBytes = 0;
      if (page.size() > memory.size()) {
        memory.add(arena.allocate(partBytes, Long.BYTES));
      }
    }
    page.getLast().add(new PagePart.Copy(reference, sizeBytes));
    lastPartBytes += room;
  }

  /// Copies without a block's size take no room, but time.
  private boolean isFull(List<PagePart.Copy> part) {
    return part.size() >= partBytes / BlockSize.KIB_1.bytes();
  }

  /// Reads what is left.
  public void finish() throws IOException {
    if (!page.isEmpty()) {
      readPage();
    }
  }

  private void readPage() throws IOException {
    List<Future<PagePart>> parts = new ArrayList<>();
    for (int i = 0; i < page.size(); i++) {
      parts.add(threads.submit(new PagePart(page.get(i), memory.get(i), source, visitor)));
    }
    for (Future<PagePart> part : parts) {
      await(part).tell(visitor);
    }
    Reference last = page.getLast().getLast().reference();
    page.clear();
    visitor.visitedTo(last);
  }

  private static PagePart await(Future<PagePart> part) throws IOException {
    try {
      return part.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading blocks");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
    arena.close();
  }
}
