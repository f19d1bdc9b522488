package eris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockSizeTest {
  @Test
  void thereAreTwo() {
    assertThat(BlockSize.values()).containsExactly(BlockSize.KIB_1, BlockSize.KIB_32);
    assertThat(BlockSize.KIB_1.bytes()).isEqualTo(1024);
    assertThat(BlockSize.KIB_32.bytes()).isEqualTo(32_768).isEqualTo(BlockSize.MAX_BYTES);
    assertThat(BlockSize.KIB_1.arity()).isEqualTo(16);
    assertThat(BlockSize.KIB_32.arity()).isEqualTo(512);
    assertThat(BlockSize.KIB_1.code()).isEqualTo(0x0a);
    assertThat(BlockSize.KIB_32.code()).isEqualTo(0x0f);
  }

  /// Levels 14 and 6: the least that hold 2^63 - 1 bytes.
  @Test
  void highestLevelIsTheLeastForTheLargestContent() {
    for (BlockSize size : BlockSize.values()) {
      double bytes = size.bytes();
      int level = 0;
      for (; bytes < 0x1p63; bytes *= size.arity()) {
        level++;
      }
      assertThat(size.maxLevel()).isEqualTo(level);
    }
  }

  @Test
  void isKnownByItsBytes() {
    assertThat(BlockSize.ofBytes(1024)).contains(BlockSize.KIB_1);
    assertThat(BlockSize.ofBytes(32_768)).contains(BlockSize.KIB_32);
    for (long bytes : new long[] {-1024, 0, 1, 1023, 1025, 2048, 32_767, (1L << 32) + 1024}) {
      assertThat(BlockSize.ofBytes(bytes)).isEmpty();
    }
  }

  @Test
  void isKnownByItsCodeAndNoOther() {
    for (int code = -128; code < 256; code++) {
      var size = BlockSize.ofCode(code);
      switch (code) {
        case 0x0a -> assertThat(size).contains(BlockSize.KIB_1);
        case 0x0f -> assertThat(size).contains(BlockSize.KIB_32);
        default -> assertThat(size).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1025, 32_769, 65_536})
  void aBlockOfAnotherSizeIsNone(int bytes) {
    assertThatThrownBy(() -> BlockSize.of(MemorySegment.ofArray(new byte[bytes])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a block is 1 or 32 KiB, not " + bytes + " bytes");
  }

  @Test
  void isKnownByABlock() {
    assertThat(BlockSize.of(MemorySegment.ofArray(new byte[1024]))).isEqualTo(BlockSize.KIB_1);
    assertThat(BlockSize.of(MemorySegment.ofArray(new byte[32_768]))).isEqualTo(BlockSize.KIB_32);
  }

  @Test
  void smallContentGetsSmallBlocks() {
    assertThat(BlockSize.recommendedFor(0)).isEqualTo(BlockSize.KIB_1);
    assertThat(BlockSize.recommendedFor(16_383)).isEqualTo(BlockSize.KIB_1);
    assertThat(BlockSize.recommendedFor(16_384)).isEqualTo(BlockSize.KIB_32);
    assertThat(BlockSize.recommendedFor(Long.MAX_VALUE)).isEqualTo(BlockSize.KIB_32);
  }
}
