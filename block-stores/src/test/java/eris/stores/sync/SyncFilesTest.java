package eris.stores.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.store.MemoryBlockStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SyncFilesTest {
  private final MemoryBlockStore from = Script.store(0, 60);
  private final MemoryBlockStore to = Script.store(40, 80);

  private static byte[] have(MemoryBlockStore store) throws IOException {
    var bytes = new ByteArrayOutputStream();
    HaveFile.write(store, new Random(2), bytes);
    return bytes.toByteArray();
  }

  private static byte[] blocks(MemoryBlockStore store, Optional<byte[]> have) throws IOException {
    var bytes = new ByteArrayOutputStream();
    BlockFile.write(
        Script.synced(store), have.map(ByteArrayInputStream::new), new Random(3), bytes);
    return bytes.toByteArray();
  }

  @Test
  void aFileHasWhatTheOtherSideLacks() throws IOException {
    byte[] file = blocks(from, Optional.of(have(to)));
    assertThat(file).hasSize(21 + 40 * 1025 + 25);
    BlockFile.read(new ByteArrayInputStream(file), Script.synced(to));
    assertThat(to.count()).isEqualTo(80);
    assertThat(blocks(from, Optional.of(have(to)))).hasSize(21 + 25);
    assertThat(blocks(from, Optional.empty())).hasSize(21 + 60 * 1025 + 25);
  }

  @Test
  void whatIsCutOrChangedIsNoWholeFileAndWhatWasWholeIsKept() throws IOException {
    byte[] file = blocks(Script.store(0, 3), Optional.empty());
    for (int i = 0; i < file.length; i++) {
      byte[] cut = Arrays.copyOf(file, i);
      var target = new MemoryBlockStore();
      assertThatExceptionOfType(MalformedSync.class)
          .as("cut at %d", i)
          .isThrownBy(() -> BlockFile.read(new ByteArrayInputStream(cut), Script.synced(target)));
      assertThat(target.count()).isEqualTo(Math.clamp((i - 21) / 1025, 0, 3));
    }
    for (int i = 0; i < file.length; i += i < 60 || i > file.length - 60 ? 1 : 97) {
      byte[] changed = file.clone();
      changed[i] ^= 4;
      assertThatExceptionOfType(MalformedSync.class)
          .as("changed at %d", i)
          .isThrownBy(
              () ->
                  BlockFile.read(
                      new ByteArrayInputStream(changed), Script.synced(new MemoryBlockStore())));
    }
    byte[] longer = Arrays.copyOf(file, file.length + 1);
    assertThatExceptionOfType(MalformedSync.class)
        .isThrownBy(() -> BlockFile.read(new ByteArrayInputStream(longer), Script.synced(to)))
        .withMessageContaining("something after the end");
  }

  @Test
  void aListThatIsCutOrChangedLeavesNothingOut() throws IOException {
    byte[] list = have(Script.store(40, 44));
    for (int i = 0; i < list.length; i++) {
      byte[] cut = Arrays.copyOf(list, i);
      byte[] changed = list.clone();
      changed[i] ^= 4;
      assertThatExceptionOfType(MalformedSync.class)
          .as("cut at %d", i)
          .isThrownBy(() -> blocks(from, Optional.of(cut)));
      assertThatExceptionOfType(MalformedSync.class)
          .as("changed at %d", i)
          .isThrownBy(() -> blocks(from, Optional.of(changed)));
    }
  }
}
