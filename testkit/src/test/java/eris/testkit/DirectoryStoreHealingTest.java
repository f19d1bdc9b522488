package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.ErisException;
import eris.store.BlockStore;
import eris.stores.DirectoryStore;
import eris.testkit.SimulatedHardware.PowerCut;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A store in which one block has gone bad.
final class DirectoryStoreHealingTest {
  private static final SampleBlock BLOCK = SampleBlock.of(BlockSize.KIB_1, 1);
  private static final String SHARD = BLOCK.reference().toString().substring(0, 2);
  private static final String PATH = SHARD + "/" + BLOCK.reference();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1025, 4096, 32767, 32769, 100_000})
  void fileOfAnotherSizeIsCorrupt(int size) throws IOException {
    try (BlockStore store = open(damaged(new byte[size]))) {
      assertThatExceptionOfType(ErisException.CorruptBlock.class)
          .isThrownBy(() -> Witness.read(store, BLOCK))
          .withMessageEndingWith("holds %d bytes, want 1024 or 32768", size)
          .satisfies(e -> assertThat(e.reference()).isEqualTo(BLOCK.reference()));
      assertThat(store.contains(BLOCK.reference())).isFalse();
    }
  }

  @Test
  void unreadableFileIsCorruptUntilItIsPutAgain() throws IOException {
    SimulatedFiles files = damaged(BLOCK.bytes().toArray(ValueLayout.JAVA_BYTE));
    try (BlockStore store = open(files)) {
      files.failAt(files.calls());
      assertThatExceptionOfType(ErisException.CorruptBlock.class)
          .isThrownBy(() -> Witness.read(store, BLOCK))
          .withMessageContaining("unreadable")
          .withMessageContaining("Input/output error");
      assertThat(store.contains(BLOCK.reference())).isFalse();
      store.put(BLOCK.reference(), BLOCK.bytes());
      assertThat(store.contains(BLOCK.reference())).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("damages")
  void putReplacesADamagedBlock(byte[] damage) throws IOException {
    SimulatedFiles files = damaged(damage);
    try (BlockStore store = open(files)) {
      store.put(BLOCK.reference(), BLOCK.bytes());
      assertHealed(store);
      store.sync();
      assertHealed(store);
    }
    try (BlockStore store = open(files.crash(new SplittableRandom(1)))) {
      assertHealed(store);
    }
  }

  /// Too short, too long, of the other size, all wrong, one bit wrong.
  static List<byte[]> damages() {
    byte[] flipped = BLOCK.bytes().toArray(ValueLayout.JAVA_BYTE);
    flipped[1023] ^= 1;
    return List.of(new byte[0], new byte[1025], new byte[32768], new byte[1024], flipped);
  }

  @Test
  void copyThatCannotBeReadBackIsReplacedToo() throws IOException {
    SimulatedFiles files = damaged(BLOCK.bytes().toArray(ValueLayout.JAVA_BYTE));
    try (BlockStore store = open(files)) {
      files.failAt(files.calls() + 1); // 0 asks for the size
      store.put(BLOCK.reference(), BLOCK.bytes());
      assertThat(files.list("writers/" + writerOf(files))).hasSize(1);
      store.sync();
      assertHealed(store);
    }
  }

  @Test
  void cutWhileHealingLeavesTheOldOrTheNew() throws IOException {
    byte[] damage = new byte[1024];
    byte[] good = BLOCK.bytes().toArray(ValueLayout.JAVA_BYTE);
    for (int call = 0; call < 40; call++) {
      for (int state = 0; state < 10; state++) {
        SimulatedFiles files = damaged(damage);
        boolean synced = healUntilCut(files, files.calls() + call);
        SimulatedFiles after = files.crash(new SplittableRandom(call * 100L + state));
        byte[] found = new byte[1024];
        assertThat(after.read(PATH, MemorySegment.ofArray(found))).hasValue(1024);
        assertThat(Arrays.equals(found, good) || !synced && Arrays.equals(found, damage))
            .as("cut at call %d, state %d", call, state)
            .isTrue();
      }
    }
  }

  private static boolean healUntilCut(SimulatedFiles files, long call) throws IOException {
    files.cutAt(call);
    try (BlockStore store = open(files)) {
      store.put(BLOCK.reference(), BLOCK.bytes());
      store.sync();
      return true;
    } catch (PowerCut _) {
      return false;
    }
  }

  @Test
  void damageToOneBlockIsNoneToOthers() throws IOException {
    SimulatedFiles files = damaged(new byte[7]);
    try (BlockStore store = open(files)) {
      List<SampleBlock> others =
          IntStream.range(10, 20).mapToObj(i -> SampleBlock.of(BlockSize.KIB_1, i)).toList();
      store.putAll(SampleBlock.batch(BlockSize.KIB_1, others));
      for (SampleBlock other : others) {
        assertThat(Witness.read(store, other)).isPresent();
      }
    }
  }

  private static void assertHealed(BlockStore store) throws IOException {
    assertThat(Witness.read(store, BLOCK)).hasValue(BLOCK.bytes().toArray(ValueLayout.JAVA_BYTE));
    assertThat(store.contains(BLOCK.reference())).isTrue();
  }

  private static String writerOf(SimulatedFiles files) throws IOException {
    return files.list("writers").stream().filter(name -> name.length() == 32).findAny().get();
  }

  private static BlockStore open(SimulatedFiles files) throws IOException {
    return DirectoryStore.open(files, "simulated");
  }

  /// A disk with a store in which the file of the block holds `content`.
  private static SimulatedFiles damaged(byte[] content) throws IOException {
    var files = new SimulatedFiles();
    try (BlockStore store = open(files)) {
      store.put(BLOCK.reference(), BLOCK.bytes());
      store.sync();
    }
    files.delete(PATH);
    files.write(PATH, MemorySegment.ofArray(content));
    files.flush(List.of(PATH, SHARD));
    return files;
  }
}
