package eris.store;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Blocks on the heap, gone when the process ends: for tests, and as the near layer of small readers.
public final class MemoryBlockStore implements BlockStore, BlockInventory {
  private final ConcurrentHashMap<Reference, byte[]> blocks = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /// An empty store.
  public MemoryBlockStore() {}

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) {
    requireOpen();
    byte[] block = blocks.get(reference);
    if (block == null) {
      return Optional.empty();
    }
    MemorySegment slice = target.asSlice(0, block.length);
    return Optional.of(slice.copyFrom(MemorySegment.ofArray(block)));
  }

  @Override
  public BitSet getAll(BlockBatch batch) {
    requireOpen();
    var held = new BitSet(batch.count());
    for (int i = 0; i < batch.count(); i++) {
      byte[] block = blocks.get(batch.reference(i));
      if (block != null && block.length == batch.blockSize().bytes()) {
        batch.block(i).copyFrom(MemorySegment.ofArray(block));
        held.set(i);
      }
    }
    return held;
  }

  @Override
  public void put(Reference reference, MemorySegment block) {
    requireOpen();
    BlockSize.of(block);
    blocks.put(reference, block.toArray(ValueLayout.JAVA_BYTE)); // heals a bad copy
  }

  @Override
  public boolean contains(Reference reference) {
    requireOpen();
    return blocks.containsKey(reference);
  }

  @Override
  public void forEach(Reference from, Visitor visitor) throws IOException {
    requireOpen();
    List<Reference> held =
        blocks.keySet().stream()
            .filter(reference -> reference.compareTo(from) >= 0)
            .sorted()
            .toList();
    for (Reference reference : held) { // nothing is ever removed
      byte[] block = Objects.requireNonNull(blocks.get(reference));
      visitor.visit(reference, BlockSize.of(MemorySegment.ofArray(block)));
    }
  }

  /// The number of blocks held.
  public int count() {
    return blocks.size();
  }

  @Override
  public void sync() {
    requireOpen();
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }
}
