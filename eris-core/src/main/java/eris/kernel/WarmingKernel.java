package eris.kernel;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/// The scalar kernel until the vector kernel has become faster.
///
/// Until HotSpot has compiled it, vector code runs a hundred times slower than plain code: for short
/// runs it never pays. So it is warmed up in the background once there is enough to do, and takes
/// over when a race shows that it is ahead.
final class WarmingKernel implements BlockKernel {
  /// Work after which more is to be expected.
  private static final long SHORT_RUN_BYTES = 32 << 20;

  private static final int MIN_VECTOR_BITS = 256;

  private final ScalarKernel scalar = ScalarKernel.INSTANCE;
  private final AtomicLong workBytes = new AtomicLong();
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

  private void count(MemorySegment work) {
    if (current == scalar) {
      long before = workBytes.getAndAdd(work.byteSize());
      if (before < SHORT_RUN_BYTES && before + work.byteSize() >= SHORT_RUN_BYTES) {
        Thread.ofPlatform().name("eris-kernel-warmup").daemon().start(this::tryToWarm);
      }
    }
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
