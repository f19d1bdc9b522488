package eris.testkit;

import eris.Reference;
import eris.store.CollectableStore;
import eris.store.Retention;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;

/// Lets others have their turn before and after each call that changes a store, and between any two
/// blocks of an inventory.
final class InterleavedStore implements CollectableStore {
  private final CollectableStore store;
  private final Turn turn;
  private final Consumer<Reference> removed;

  @FunctionalInterface
  interface Turn {
    void take() throws IOException;
  }

  /// @param removed told of each block at the moment when it is gone
  InterleavedStore(CollectableStore store, Turn turn, Consumer<Reference> removed) {
    this.store = store;
    this.turn = turn;
    this.removed = removed;
  }

  @Override
  public void sync() throws IOException {
    turn.take();
    store.sync();
    turn.take();
  }

  @Override
  public void forEachDated(Reference from, DatedVisitor visitor) throws IOException {
    store.forEachDated(
        from,
        (reference, size, sequence, inTrash) -> {
          turn.take();
          visitor.visit(reference, size, sequence, inTrash);
        });
    turn.take();
  }

  @Override
  public boolean moveToTrash(Reference reference, long before) throws IOException {
    turn.take();
    return store.moveToTrash(reference, before);
  }

  @Override
  public boolean restore(Reference reference) throws IOException {
    turn.take();
    return store.restore(reference);
  }

  @Override
  public boolean free(Reference reference, long before) throws IOException {
    turn.take();
    boolean freed = store.free(reference, before);
    if (freed) {
      removed.accept(reference);
    }
    return freed;
  }

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    return store.get(reference, target);
  }

  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    store.put(reference, block);
  }

  @Override
  public boolean contains(Reference reference) throws IOException {
    return store.contains(reference);
  }

  @Override
  public void forEach(Reference from, Visitor visitor) throws IOException {
    store.forEach(from, visitor);
  }

  @Override
  public Retention retention() {
    return store.retention();
  }

  @Override
  public void setRetention(Retention retention) throws IOException {
    store.setRetention(retention);
  }

  @Override
  public long sequence() {
    return store.sequence();
  }

  @Override
  public byte[] metadata() throws IOException {
    return store.metadata();
  }

  @Override
  public void setMetadata(byte[] metadata) throws IOException {
    store.setMetadata(metadata);
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
