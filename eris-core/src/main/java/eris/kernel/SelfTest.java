package eris.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Compares a kernel with the scalar one before it may touch anybody's content.
final class SelfTest {
  private static final int BLOCK_BYTES = 1024;
  private static final int LEVEL = 3;

  private SelfTest() {}

  /// @throws IllegalStateException if `kernel` gets anything wrong
  static void run(BlockKernel kernel) {
    int count = 11; // a whole group and a ragged one, whatever the width
    var random = new Random(1);
    byte[] content = new byte[count * BLOCK_BYTES];
    byte[] hashKey = new byte[BlockKernel.KEY_BYTES];
    random.nextBytes(content);
    random.nextBytes(hashKey);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = MemorySegment.ofArray(hashKey);
      MemorySegment want = copy(arena, content);
      MemorySegment wantPairs = arena.allocate((long) count * BlockKernel.PAIR_BYTES);
      ScalarKernel.INSTANCE.encrypt(want, BLOCK_BYTES, key, LEVEL, wantPairs);

      MemorySegment blocks = copy(arena, content);
      MemorySegment pairs = arena.allocate((long) count * BlockKernel.PAIR_BYTES);
      kernel.encrypt(blocks, BLOCK_BYTES, key, LEVEL, pairs);
      require(kernel, blocks.mismatch(want) < 0 && pairs.mismatch(wantPairs) < 0);
      require(kernel, kernel.decrypt(blocks, BLOCK_BYTES, pairs, LEVEL) == count);
      require(kernel, blocks.mismatch(MemorySegment.ofArray(content)) < 0);
    }
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    return arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }

  private static void require(BlockKernel kernel, boolean good) {
    if (!good) {
      throw new IllegalStateException(
          "kernel %s does not compute what it should on this machine".formatted(kernel.name()));
    }
  }
}
