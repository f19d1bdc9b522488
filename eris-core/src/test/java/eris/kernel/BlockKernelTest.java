package eris.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import eris.Samples;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All kernels against somebody else's code, over every number of lanes that can be left over. The
/// build runs this once for each width of vectors: see `eris.kernel` in pom.xml.
class BlockKernelTest {
  private static final int KIB_1 = 1024;
  private static final int KIB_32 = 32 * 1024;
  private static final int MAX_COUNT = 33; // four groups of eight lanes, and one more
  private static final byte[] UNKEYED = {};

  static Stream<BlockKernel> kernels() {
    return Stream.of(ScalarKernel.INSTANCE, new VectorKernel());
  }

  @Test
  void theVectorKernelHasTheWidthThatWasAskedFor() {
    KernelSetting.vectorBits()
        .ifPresent(
            bits -> {
              assertThat(BlockKernel.best()).isInstanceOf(VectorKernel.class);
              assertThat(BlockKernel.best().name()).isEqualTo("vector" + bits);
            });
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void hashesEachBlockIntoItsPlace(BlockKernel kernel) {
    for (byte[] key : new byte[][] {UNKEYED, new byte[32], Samples.bytes(1, 32)}) {
      for (int count = 1; count <= MAX_COUNT; count++) {
        requireHashes(kernel, KIB_1, count, key);
      }
      requireHashes(kernel, KIB_32, 1, key);
      requireHashes(kernel, KIB_32, 11, key);
      requireHashes(kernel, 3 * 128, 9, key);
      requireHashes(kernel, 100, 9, key); // no multiple of what a compression takes
    }
  }

  private static void requireHashes(BlockKernel kernel, int blockBytes, int count, byte[] key) {
    byte[] blocks = Samples.bytes(count, count * blockBytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment digests = MemorySegment.ofArray(new byte[count * 40]);
      kernel.hash(copy(arena, blocks), blockBytes, MemorySegment.ofArray(key), digests, 40);
      for (int i = 0; i < count; i++) {
        byte[] block = Arrays.copyOfRange(blocks, i * blockBytes, (i + 1) * blockBytes);
        assertThat(digests.asSlice(i * 40L, 32).toArray(JAVA_BYTE))
            .as("block %d of %d, %s", i, count, kernel.name())
            .isEqualTo(BouncyCastle.hash(block, key));
        assertThat(digests.asSlice(i * 40L + 32, 8).toArray(JAVA_BYTE)).containsOnly(0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void encryptsAsTheSpecificationSays(BlockKernel kernel) {
    for (byte[] hashKey : new byte[][] {UNKEYED, new byte[32], Samples.bytes(3, 32)}) {
      for (int count = 1; count <= MAX_COUNT; count++) {
        requireEncrypted(kernel, KIB_1, count, hashKey, count);
      }
      requireEncrypted(kernel, KIB_32, 1, hashKey, 0);
      requireEncrypted(kernel, KIB_32, 11, hashKey, 0);
    }
    for (int level : new int[] {0, 1, 127, 128, 255}) {
      requireEncrypted(kernel, KIB_1, 11, UNKEYED, level);
    }
  }

  private static void requireEncrypted(
      BlockKernel kernel, int blockBytes, int count, byte[] hashKey, int level) {
    byte[] nodes = Samples.bytes(count, count * blockBytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment blocks = copy(arena, nodes);
      MemorySegment pairs = arena.allocate(count * 64L);
      kernel.encrypt(blocks, blockBytes, MemorySegment.ofArray(hashKey), level, pairs);
      for (int i = 0; i < count; i++) {
        byte[] node = Arrays.copyOfRange(nodes, i * blockBytes, (i + 1) * blockBytes);
        byte[] key = BouncyCastle.hash(node, hashKey);
        byte[] block = BouncyCastle.applyKeystream(node, key, nonce(level));
        assertThat(blocks.asSlice((long) i * blockBytes, blockBytes).toArray(JAVA_BYTE))
            .as("block %d of %d, level %d, %s", i, count, level, kernel.name())
            .isEqualTo(block);
        assertThat(pairs.asSlice(i * 64L, 32).toArray(JAVA_BYTE))
            .isEqualTo(BouncyCastle.hash(block, UNKEYED));
        assertThat(pairs.asSlice(i * 64L + 32, 32).toArray(JAVA_BYTE)).isEqualTo(key);
      }
      assertThat(kernel.decrypt(blocks, blockBytes, pairs, level)).isEqualTo(count);
      assertThat(blocks.toArray(JAVA_BYTE)).isEqualTo(nodes);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void decryptsUpToTheFirstBlockThatIsNotAuthentic(BlockKernel kernel) {
    int count = 19;
    byte[] nodes = Samples.bytes(count, count * KIB_1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment encrypted = copy(arena, nodes);
      MemorySegment pairs = arena.allocate(count * 64L);
      kernel.encrypt(encrypted, KIB_1, BlockKernel.UNKEYED, 0, pairs);
      for (int bad = 0; bad < count; bad++) {
        for (int offset : new int[] {0, 500, KIB_1 - 1}) {
          MemorySegment blocks = copy(arena, encrypted.toArray(JAVA_BYTE));
          long at = (long) bad * KIB_1 + offset;
          blocks.set(JAVA_BYTE, at, (byte) (blocks.get(JAVA_BYTE, at) ^ 0x10));
          assertThat(kernel.decrypt(blocks, KIB_1, pairs, 0)).isEqualTo(bad);
          assertThat(blocks.asSlice(0, (long) bad * KIB_1).toArray(JAVA_BYTE))
              .isEqualTo(Arrays.copyOf(nodes, bad * KIB_1));
        }
      }
    }
  }

  /// Each byte of a reference counts.
  @ParameterizedTest
  @MethodSource("kernels")
  void comparesWholeReferences(BlockKernel kernel) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment encrypted = copy(arena, Samples.bytes(1, 3 * KIB_1));
      MemorySegment pairs = arena.allocate(3 * 64L);
      kernel.encrypt(encrypted, KIB_1, BlockKernel.UNKEYED, 0, pairs);
      for (int i = 0; i < 32; i++) {
        byte good = pairs.get(JAVA_BYTE, 64L + i);
        pairs.set(JAVA_BYTE, 64L + i, (byte) (good ^ 1));
        MemorySegment blocks = copy(arena, encrypted.toArray(JAVA_BYTE));
        assertThat(kernel.decrypt(blocks, KIB_1, pairs, 0)).isEqualTo(1);
        pairs.set(JAVA_BYTE, 64L + i, good);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void keystreamIsChaCha20(BlockKernel kernel) {
    for (int level : new int[] {0, 1, 5, 127, 128, 255}) {
      for (int bytes : new int[] {1, 63, 64, 65, KIB_1, KIB_32}) {
        byte[] block = Samples.bytes(bytes, bytes);
        byte[] key = Samples.bytes(level, 32);
        byte[] want = BouncyCastle.applyKeystream(block, key, nonce(level));
        kernel.applyKeystream(MemorySegment.ofArray(block), MemorySegment.ofArray(key), level);
        assertThat(block).isEqualTo(want);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void worksInAnyMemoryAtAnyAlignment(BlockKernel kernel) {
    byte[] nodes = Samples.bytes(1, 9 * KIB_1);
    byte[] want = encryptAt(kernel, MemorySegment.ofArray(new byte[10_000]), 0, nodes);
    try (Arena arena = Arena.ofConfined()) {
      for (int offset = 0; offset < 65; offset++) {
        MemorySegment heap = MemorySegment.ofArray(new byte[10_000]);
        assertThat(encryptAt(kernel, heap, offset, nodes)).isEqualTo(want);
        assertThat(encryptAt(kernel, arena.allocate(10_000, 64), offset, nodes)).isEqualTo(want);
      }
    }
  }

  /// Encrypts nodes in place at `offset` and returns their blocks and pairs.
  private static byte[] encryptAt(
      BlockKernel kernel, MemorySegment memory, int offset, byte[] nodes) {
    int pairsBytes = nodes.length / KIB_1 * 64;
    MemorySegment.copy(nodes, 0, memory, JAVA_BYTE, offset, nodes.length);
    MemorySegment blocks = memory.asSlice(offset, nodes.length);
    MemorySegment pairs = memory.asSlice((long) offset + nodes.length, pairsBytes);
    kernel.encrypt(blocks, KIB_1, BlockKernel.UNKEYED, 1, pairs);
    assertThat(memory.asSlice(0, offset).toArray(JAVA_BYTE)).isEqualTo(new byte[offset]);
    assertThat(memory.asSlice((long) offset + nodes.length + pairsBytes).toArray(JAVA_BYTE))
        .containsOnly(0);
    return memory.asSlice(offset, (long) nodes.length + pairsBytes).toArray(JAVA_BYTE);
  }

  @Test
  void everyKernelPassesTheSelfTest() {
    SelfTest.run(new VectorKernel());
    SelfTest.run(new WarmingKernel());
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    return arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
  }

  private static byte[] nonce(int level) {
    byte[] nonce = new byte[12];
    nonce[0] = (byte) level;
    return nonce;
  }
}
