package eris.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.Reference;
import eris.Samples;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Batches, and the ways in which sinks and sources that know nothing of them serve them.
class BlockBatchTest {
  private final byte[] blocks = Samples.bytes(1, 3 * 1024);
  private final MemorySegment references = MemorySegment.ofArray(new byte[3 * Reference.BYTES]);
  private final BlockBatch batch =
      new BlockBatch(BlockSize.KIB_1, MemorySegment.ofArray(blocks), references);

  BlockBatchTest() {
    for (int i = 0; i < 3; i++) {
      Samples.reference(i).writeTo(references, i * 32L);
    }
  }

  @Test
  void holdsBlocksAndReferencesInOrder() {
    assertThat(batch.count()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      assertThat(batch.reference(i)).isEqualTo(Samples.reference(i));
      assertThat(batch.block(i).byteSize()).isEqualTo(1024);
      assertThat(batch.block(i).get(JAVA_BYTE, 5)).isEqualTo(blocks[i * 1024 + 5]);
    }
    assertThatThrownBy(() -> batch.block(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> batch.reference(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @CsvSource({"1024, 0", "1023, 32", "1025, 32", "2048, 32", "0, 32", "1024, 33", "32768, 32"})
  void refusesWhatDoesNotMatch(int blockBytes, int referenceBytes) {
    assertThatThrownBy(
            () ->
                new BlockBatch(
                    BlockSize.KIB_1,
                    MemorySegment.ofArray(new byte[blockBytes]),
                    MemorySegment.ofArray(new byte[referenceBytes])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "%d bytes of blocks and %d bytes of references do not match",
            blockBytes, referenceBytes);
  }

  @Test
  void goesIntoASinkBlockByBlock() throws IOException {
    List<Reference> put = new ArrayList<>();
    BlockSink sink =
        (reference, block) -> {
          put.add(reference);
          assertThat(block.get(JAVA_BYTE, 5)).isEqualTo(blocks[(put.size() - 1) * 1024 + 5]);
        };
    sink.putAll(batch);
    assertThat(put)
        .containsExactly(Samples.reference(0), Samples.reference(1), Samples.reference(2));
  }

  @Test
  void isFilledWithWhatASourceHolds() throws IOException {
    byte[] held = Samples.bytes(9, 1024);
    BlockSource source =
        (reference, target) -> {
          assertThat(target.byteSize()).isEqualTo(BlockSize.MAX_BYTES);
          if (reference.equals(Samples.reference(0))) {
            return Optional.empty();
          }
          int bytes = reference.equals(Samples.reference(1)) ? 1023 : 1024;
          MemorySegment slice = target.asSlice(0, bytes);
          return Optional.of(slice.copyFrom(MemorySegment.ofArray(held).asSlice(0, bytes)));
        };
    byte[] before = blocks.clone();
    BitSet found = source.getAll(batch);
    assertThat(found).isEqualTo(BitSet.valueOf(new long[] {0b100}));
    assertThat(batch.block(2).toArray(JAVA_BYTE)).isEqualTo(held);
    assertThat(batch.block(0).toArray(JAVA_BYTE)).isEqualTo(Arrays.copyOf(before, 1024));
  }
}
