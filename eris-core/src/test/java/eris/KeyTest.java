package eris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyTest {
  @Test
  void isEqualOnlyIfEveryBitIs() {
    byte[] bytes = Samples.bytes(1, Key.BYTES);
    Key key = Key.readFrom(MemorySegment.ofArray(bytes), 0);
    assertThat(key).isEqualTo(Key.readFrom(MemorySegment.ofArray(bytes.clone()), 0));
    assertThat(key).hasSameHashCodeAs(Key.readFrom(MemorySegment.ofArray(bytes.clone()), 0));
    for (int bit = 0; bit < 256; bit++) {
      byte[] other = bytes.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(key).isNotEqualTo(Key.readFrom(MemorySegment.ofArray(other), 0));
    }
    assertThat(key.equals(new Object())).isFalse();
  }

  @Test
  void hashCodesDiffer() {
    assertThat(Samples.key(1).hashCode()).isNotEqualTo(Samples.key(2).hashCode());
  }

  @Test
  void readsAndWritesItsBytesAnywhere() {
    byte[] bytes = Samples.bytes(2, 32);
    for (int offset = 0; offset < 9; offset++) {
      MemorySegment memory = MemorySegment.ofArray(new byte[41]);
      Key.readFrom(MemorySegment.ofArray(bytes), 0).writeTo(memory, offset);
      assertThat(memory.asSlice(offset, 32).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
      assertThat(Key.readFrom(memory, offset))
          .isEqualTo(Key.readFrom(MemorySegment.ofArray(bytes), 0));
    }
  }

  @Test
  void staysInsideItsMemory() {
    MemorySegment memory = MemorySegment.ofArray(new byte[40]);
    for (long offset : new long[] {-1, 9, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> Key.readFrom(memory, offset))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> Samples.key(1).writeTo(memory, offset))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
  }

  /// Neither the key nor the secret shows in what might be logged, nor do the values they are in.
  @Test
  void secretsPrintRedacted() {
    assertThat(Samples.key(1)).hasToString("Key[redacted]");
    assertThat(Samples.secret(1)).hasToString("ConvergenceSecret[redacted]");
    var capability = new ReadCapability(BlockSize.KIB_1, 1, Samples.pair(1));
    assertThat(capability.toString()).contains("Key[redacted]").doesNotContain("urn:");
    var draft = new DraftCapability(List.of(Dialect.V0_3_0), BlockSize.KIB_1, 1, Samples.pair(1));
    assertThat(draft.toString()).contains("Key[redacted]").doesNotContain("urn:");
  }
}
