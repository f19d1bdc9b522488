package eris.kernel;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// The scalar kernel until the vector kernel has become faster.
///
/// Until HotSpot has compiled it, vector code runs a hundred times slower than plain code, and
/// compiling it takes most of a second of one core. So it is warmed up in the background once a run is
/// known to be long, and takes over when a race shows that it is ahead.
final class WarmingKernel implements BlockKernel {
  /// Work on which vectors save what they cost, on two cores: docs/adr/0007-vector-kernel.md.
  static final long LONG_RUN_BYTES = 384 << 20;

  private static final int MIN_VECTOR_BITS = 256;

  private final ScalarKernel scalar = ScalarKernel.INSTANCE;
  private final AtomicLong doneBytes = new AtomicLong();
  private final AtomicLong expectedBytes = new AtomicLong();
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile BlockKernel current = scalar;

  @Override
  public String name() {
    if (current != scalar) {
      return current.name();
    }
    return VectorModule.vectorBits()
        .filter(bits -> bits >= MIN_VECTOR_BITS)
        .map(bits -> "%s, then vector%d".formatted(scalar.name(), bits))
        .orElse(scalar.name());
  }

  @Override
  public void hash(
      MemorySegment blocks,
      int blockBytes,
      MemorySegment key,
      MemorySegment digests,
      long strideBytes) {
    count(blocks);
    current.hash(blocks, blockBytes, key, digests, strideBytes);
  }

  @Override
  public void applyKeystream(MemorySegment block, MemorySegment key, int level) {
    current.applyKeystream(block, key, level);
  }

  @Override
  public void encrypt(
      MemorySegment nodes, int blockBytes, MemorySegment hashKey, int level, MemorySegment pairs) {
    count(nodes);
    current.encrypt(nodes, blockBytes, hashKey, level, pairs);
  }

  @Override
  public int decrypt(MemorySegment blocks, int blockBytes, MemorySegment pairs, int level) {
    count(blocks);
    return current.decrypt(blocks, blockBytes, pairs, level);
  }

  /// Takes note of work to come.
  void expect(long bytes) {
    add(expectedBytes, bytes);
  }

  private void count(MemorySegment work) {
    if (current == scalar) {
      add(doneBytes, work.byteSize());
    }
  }

  private void add(AtomicLong total, long bytes) {
    if (total.addAndGet(bytes) >= LONG_RUN_BYTES && started.compareAndSet(false, true)) {
      Thread.ofPlatform().name("eris-kernel-warmup").daemon().start(this::tryToWarm);
    }
  }

  boolean isStarted() {
    return started.get();
  }

  /// Whoever works goes on with what works: a vector kernel that fails here is not taken.
  private void tryToWarm() {
    try {
      warm();
    } catch (IllegalStateException | LinkageError e) {
      System.getLogger("eris.kernel").log(System.Logger.Level.DEBUG, "no vectors", e);
    }
  }

  /// Warms up, if that is still to be done, and returns the faster kernel.
  ///
  /// @throws IllegalStateException if the vector kernel gets anything wrong on this machine
  synchronized BlockKernel warm() {
    if (current == scalar
        && VectorModule.isAvailable()
        && Lanes.LONGS.vectorBitSize() >= MIN_VECTOR_BITS) {
      var vector = new VectorKernel();
      SelfTest.run(vector);
      if (Race.isWonBy(vector, scalar)) {
        current = vector;
      }
    }
    return current;
  }
}
