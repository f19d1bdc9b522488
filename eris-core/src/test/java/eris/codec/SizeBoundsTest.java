package eris.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.ErisException.MalformedTree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeBoundsTest {
  @ParameterizedTest
  @CsvSource({
    "KIB_1, 0, 0, 1023",
    "KIB_1, 1, 1024, 16383",
    "KIB_1, 2, 16384, 262143",
    "KIB_1, 13, 288230376151711744, 4611686018427387903",
    "KIB_1, 14, 4611686018427387904, 9223372036854775807",
    "KIB_32, 0, 0, 32767",
    "KIB_32, 1, 32768, 16777215",
    "KIB_32, 5, 2251799813685248, 1152921504606846975",
    "KIB_32, 6, 1152921504606846976, 9223372036854775807",
  })
  void followFromTheLevel(BlockSize blockSize, int level, long min, long max) throws MalformedTree {
    assertThat(SizeBounds.of(blockSize, level)).isEqualTo(new SizeBounds(min, max));
  }

  @ParameterizedTest
  @CsvSource({"KIB_1, 15", "KIB_1, 255", "KIB_32, 7", "KIB_32, 255"})
  void levelOfNoContentIsRefused(BlockSize blockSize, int level) {
    assertThatThrownBy(() -> SizeBounds.of(blockSize, level))
        .isInstanceOf(MalformedTree.class)
        .hasMessageContaining("level " + level);
  }
}
