package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockSource;
import eris.store.MemoryBlockStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VerifiedSourceTest {
  private static final Reference UNKNOWN = new Reference(1, 2, 3, 4);

  private final MemoryBlockStore store = new MemoryBlockStore();
  private final VerifiedSource verified = new VerifiedSource(store);
  private final MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);

  @ParameterizedTest
  @EnumSource
  void authenticBlockIsGiven(BlockSize size) throws IOException {
    MemorySegment block = MemorySegment.ofArray(new byte[size.bytes()]).fill((byte) 7);
    store.put(Reference.of(block), block);
    assertThat(verified.get(Reference.of(block), target))
        .hasValueSatisfying(got -> assertThat(got.mismatch(block)).isEqualTo(-1));
  }

  @Test
  void blockThatIsNotHeldIsNotCorrupt() throws IOException {
    assertThat(verified.get(UNKNOWN, target)).isEmpty();
  }

  @Test
  void otherBytesAreCorrupt() {
    store.put(UNKNOWN, MemorySegment.ofArray(new byte[1024]));
    assertThatExceptionOfType(CorruptBlock.class)
        .isThrownBy(() -> verified.get(UNKNOWN, target))
        .satisfies(e -> assertThat(e.reference()).isEqualTo(UNKNOWN))
        .satisfies(e -> assertThat(e.detail()).isEqualTo("does not hash to its reference"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1023, 1025, 32767})
  void bytesOfNoBlockSizeAreCorruptEvenIfTheyHashToIt(int sizeBytes) {
    MemorySegment bytes = target.asSlice(0, sizeBytes);
    BlockSource source = (_, _) -> Optional.of(bytes);
    assertThatExceptionOfType(CorruptBlock.class)
        .isThrownBy(() -> new VerifiedSource(source).get(Reference.of(bytes), target))
        .satisfies(
            e -> assertThat(e.detail()).isEqualTo("holds %d bytes, want 1024 or 32768", sizeBytes));
  }

  @Test
  void noBytesAtAllAreCorrupt() {
    BlockSource source = (_, _) -> Optional.of(target.asSlice(0, 0));
    assertThatExceptionOfType(CorruptBlock.class)
        .isThrownBy(() -> new VerifiedSource(source).get(UNKNOWN, target))
        .satisfies(e -> assertThat(e.detail()).startsWith("holds 0 bytes"));
  }

  @Test
  void batchLeavesOutWhatIsCorrupt() throws IOException {
    MemorySegment good = MemorySegment.ofArray(new byte[1024]).fill((byte) 7);
    store.put(Reference.of(good), good);
    store.put(UNKNOWN, good);
    MemorySegment references = MemorySegment.ofArray(new byte[3 * Reference.BYTES]);
    UNKNOWN.writeTo(references, 0);
    Reference.of(good).writeTo(references, Reference.BYTES);
    MemorySegment blocks = MemorySegment.ofArray(new byte[3 * 1024]);
    var batch = new BlockBatch(BlockSize.KIB_1, blocks, references);
    assertThat(verified.getAll(batch).stream()).containsExactly(1);
    assertThat(batch.block(1).mismatch(good)).isEqualTo(-1);
  }
}
