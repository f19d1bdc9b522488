package eris.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Encoder;
import eris.store.MemoryBlockStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferenceListTest {
  private final MemoryBlockStore store = new MemoryBlockStore();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 511, 512, 5000})
  void listComesBackAsItWas(int count) throws IOException {
    List<Reference> references = new ArrayList<>();
    try (var sorter = new ReferenceSorter()) {
      for (int i = 0; i < count; i++) {
        references.add(new Reference(i, 1, 2, -i));
        sorter.add(references.get(i));
      }
      ReferenceList.Written written = ReferenceList.write(sorter, count, store);
      assertThat(written.count()).isEqualTo(count);
      assertThat(read(written.capability(), count)).isEqualTo(references);
      assertThat(ReferenceList.write(sorter, count, store)).isEqualTo(written);
      assertThat(written.capability().blockSize())
          .isEqualTo(count < 512 ? BlockSize.KIB_1 : BlockSize.KIB_32);
      for (int wrong : new int[] {count - 1, count + 1}) {
        assertThatThrownBy(() -> read(written.capability(), wrong))
            .isInstanceOf(DamagedLiveSet.class);
      }
    }
  }

  @Test
  void disorderAndRepetitionsAreDamage() throws IOException {
    var one = new Reference(0, 0, 0, 1);
    var two = new Reference(0, 0, 0, 2);
    for (List<Reference> wrong : List.of(List.of(two, one), List.of(one, one))) {
      ReadCapability list = encode(wrong);
      assertThatThrownBy(() -> read(list, 2))
          .isInstanceOf(DamagedLiveSet.class)
          .hasMessage("damaged live set: the list is not strictly ascending");
    }
    assertThat(read(encode(List.of(one, two)), 2)).containsExactly(one, two);
  }

  private ReadCapability encode(List<Reference> references) throws IOException {
    byte[] content = new byte[references.size() * Reference.BYTES];
    for (int i = 0; i < references.size(); i++) {
      references.get(i).writeTo(MemorySegment.ofArray(content), (long) i * Reference.BYTES);
    }
    return new Encoder(BlockSize.KIB_1, store)
        .encode(new ByteArrayInputStream(content), ConvergenceSecret.nullSecret());
  }

  private List<Reference> read(ReadCapability list, long count) throws IOException {
    List<Reference> references = new ArrayList<>();
    try (ReferenceCursor cursor = ReferenceList.read(store, list, count)) {
      while (cursor.advance()) {
        references.add(cursor.reference());
      }
    }
    return references;
  }
}
