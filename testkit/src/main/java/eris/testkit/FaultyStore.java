package eris.testkit;

import eris.Reference;
import eris.store.BlockStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// A store that answers wrongly for chosen blocks, and counts what it is asked.
public final class FaultyStore implements BlockStore {
  private final BlockStore store;
  private final Map<Reference, UnaryOperator<byte[]>> faults = new ConcurrentHashMap<>();
  private volatile boolean broken;
  private long reads;

  public FaultyStore(BlockStore store) {
    this.store = store;
  }

  /// From now on answers `reference` with what `fault` makes of the block.
  public void damage(Reference reference, UnaryOperator<byte[]> fault) {
    faults.put(reference, fault);
  }

  /// From now on does not hold `reference`.
  public void lose(Reference reference) {
    faults.put(reference, _ -> new byte[0]);
  }

  /// From now on fails whatever it is asked.
  public void breakDown() {
    broken = true;
  }

  /// From now on answers rightly again.
  public void heal() {
    faults.clear();
    broken = false;
  }

  /// The number of blocks asked for and found.
  public synchronized long reads() {
    return reads;
  }

  @Override
  public synchronized Optional<MemorySegment> get(Reference reference, MemorySegment target)
      throws IOException {
    requireWorking();
    Optional<MemorySegment> block = store.get(reference, target);
    UnaryOperator<byte[]> fault = faults.get(reference);
    if (block.isEmpty() || fault == null) {
      reads += block.isPresent() ? 1 : 0;
      return block;
    }
    byte[] damaged = fault.apply(block.get().toArray(ValueLayout.JAVA_BYTE));
    if (damaged.length == 0) {
      return Optional.empty();
    }
    reads++;
    MemorySegment slice = target.asSlice(0, damaged.length);
    return Optional.of(slice.copyFrom(MemorySegment.ofArray(damaged)));
  }

  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    requireWorking();
    store.put(reference, block);
  }

  @Override
  public boolean contains(Reference reference) throws IOException {
    requireWorking();
    return store.contains(reference);
  }

  @Override
  public void sync() throws IOException {
    requireWorking();
    store.sync();
  }

  @Override
  public void close() throws IOException {
    requireWorking();
    store.close();
  }

  private void requireWorking() throws IOException {
    if (broken) {
      throw new IOException("the store broke down");
    }
  }
}
