package eris.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/// Lets a kernel run now and then until it is compiled, and then beats another one or never will. Most
/// of the time it rests: what is interpreted only takes time from whoever works, and HotSpot.
final class Race {
  private static final int BLOCK_BYTES = 1024;
  private static final int BLOCKS = 8;
  private static final int HEATS = 6; // of one encoding and one decoding each
  private static final long GIVE_UP_NANOS = 10_000_000_000L;
  private static final long MAX_REST_NANOS = 30_000_000L;

  private final MemorySegment blocks;
  private final MemorySegment pairs;

  private Race(Arena arena) {
    blocks = arena.allocate(BLOCKS * BLOCK_BYTES, 64);
    pairs = arena.allocate(BLOCKS * BlockKernel.PAIR_BYTES, 64);
  }

  /// Whether `newcomer` became faster than `champion` in a few seconds.
  static boolean isWonBy(BlockKernel newcomer, BlockKernel champion) {
    try (Arena arena = Arena.ofConfined()) {
      var race = new Race(arena);
      long start = System.nanoTime();
      while (System.nanoTime() - start < GIVE_UP_NANOS) {
        long nanos = race.nanos(newcomer);
        if (nanos < race.nanos(champion)) {
          return true;
        }
        LockSupport.parkNanos(Math.min(nanos, MAX_REST_NANOS));
      }
      return false;
    }
  }

  private long nanos(BlockKernel kernel) {
    long start = System.nanoTime();
    for (int i = 0; i < HEATS; i++) {
      kernel.encrypt(blocks, BLOCK_BYTES, BlockKernel.UNKEYED, 0, pairs);
      kernel.decrypt(blocks, BLOCK_BYTES, pairs, 0);
    }
    return System.nanoTime() - start;
  }
}
