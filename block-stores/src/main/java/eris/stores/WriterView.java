package eris.stores;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// What readers see of a volume that this process writes. They only ever wait for a change in
/// memory: nobody holds `state` while the device works.
final class WriterView implements VolumeView {
  private final ReentrantReadWriteLock state = new ReentrantReadWriteLock(); // guards all below
  private final Map<BlockSize, SlotBuffer> buffers = new EnumMap<>(BlockSize.class);
  private volatile Generation generation;
  private volatile long sequence;

  /// A change of what readers see.
  @FunctionalInterface
  interface Change {
    void run() throws IOException;
  }

  WriterView(Generation generation, long sequence) {
    this.generation = generation;
    this.sequence = sequence;
    Geometry geometry = generation.superblock().geometry();
    for (BlockSize size : BlockSize.values()) {
      buffers.put(size, new SlotBuffer(size, geometry));
    }
  }

  @Override
  public Generation generation() {
    return generation;
  }

  @Override
  public boolean isCurrent(Generation other) {
    return generation == other;
  }

  @Override
  public long sequence() {
    return sequence;
  }

  /// A record was written: the next one has `next`.
  void advanceTo(long next) {
    sequence = next;
  }

  @Override
  public Entry findRecent(Generation of, Reference reference) {
    state.readLock().lock();
    try {
      return of.recent().find(reference);
    } finally {
      state.readLock().unlock();
    }
  }

  @Override
  public RecentEntries.Sorted sortedRecent(Generation of, Reference from) {
    state.readLock().lock();
    try {
      return of.recent().sorted(from);
    } finally {
      state.readLock().unlock();
    }
  }

  @Override
  public boolean readPending(Place place, MemorySegment target) {
    state.readLock().lock();
    try {
      return buffer(place.size()).read(place, target);
    } finally {
      state.readLock().unlock();
    }
  }

  /// To be changed within [#change] only, and by the writer alone, which may look at any time.
  SlotBuffer buffer(BlockSize size) {
    return Objects.requireNonNull(buffers.get(size));
  }

  /// Those of all sizes; see [#buffer].
  Collection<SlotBuffer> buffers() {
    return buffers.values();
  }

  /// Changes what readers see, while none of them looks.
  void change(Change change) throws IOException {
    state.writeLock().lock();
    try {
      change.run();
    } finally {
      state.writeLock().unlock();
    }
  }

  /// Lets readers see a generation that differs in its superblock alone.
  void turnTo(Superblock superblock) {
    generation = generation.with(superblock);
  }

  /// Lets readers see a new generation, in which no block waits in a buffer.
  void turnTo(Generation next, long firstSequence) {
    state.writeLock().lock();
    try {
      buffers.values().forEach(SlotBuffer::reset);
      generation = next;
      sequence = firstSequence;
    } finally {
      state.writeLock().unlock();
    }
  }
}
