package eris.stores.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import eris.BlockSize;
import eris.Reference;
import eris.store.MemoryBlockStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Whatever comes, a side ends with an [IOException] or not at all, and holds nothing that does not
/// hash to its reference. To search: `JAZZER_FUZZ=1 mvn test -pl block-stores -am -Dtest=SyncFuzzTest
/// -Dsurefire.failIfNoSpecifiedTests=false`.
class SyncFuzzTest {
  @FuzzTest
  void anything(byte[] input) throws IOException {
    MemoryBlockStore store = Script.store(0, 5);
    try {
      Script.respond(store, input);
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
    try {
      Script.initiate(store, Script.BOTH, input);
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
    try {
      BlockFile.read(new ByteArrayInputStream(input), Script.synced(store));
    } catch (MalformedSync e) {
      assertThat(e).hasMessageStartingWith("malformed sync data");
    }
    try {
      BlockFile.write(
          Script.synced(store),
          Optional.of(new ByteArrayInputStream(input)),
          new Random(1),
          new ByteArrayOutputStream());
    } catch (MalformedSync e) {
      assertThat(e).hasMessageStartingWith("malformed sync data");
    }
    requireSound(store);
  }

  /// True sessions with a few bytes changed: what is far from the beginning is reached this way.
  @Test
  void sessionsWithBytesChanged() throws IOException {
    MemoryBlockStore left = Script.store(0, 40);
    MemoryBlockStore right = Script.store(30, 70);
    Recording recording = Recording.of(left, right);
    var random = new SplittableRandom(11);
    for (int run = 0; run < 120; run++) {
      MemoryBlockStore one = Script.store(0, 40);
      MemoryBlockStore two = Script.store(30, 70);
      try {
        Script.respond(two, changed(recording.fromLeft(), random));
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
      try {
        Script.initiate(one, Script.BOTH, changed(recording.fromRight(), random));
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
      requireSound(one);
      requireSound(two);
    }
  }

  private static byte[] changed(byte[] bytes, SplittableRandom random) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int near = random.nextBoolean() ? 2_500 : changed.length; // where the messages are
      changed[random.nextInt(Math.min(near, changed.length))] = (byte) random.nextInt();
    }
    return changed;
  }

  private static void requireSound(MemoryBlockStore store) throws IOException {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    store.forEach(
        Reference.LEAST,
        (reference, _) ->
            assertThat(Reference.of(store.get(reference, target).orElseThrow()))
                .isEqualTo(reference));
  }
}
