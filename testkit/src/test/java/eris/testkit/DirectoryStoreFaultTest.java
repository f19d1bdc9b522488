package eris.testkit;

import static eris.testkit.Witness.BLOCKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import eris.BlockSize;
import eris.store.BlockStore;
import eris.store.StoreException;
import eris.stores.DirectoryStore;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.Test;

/// A disk that fails, or is full.
final class DirectoryStoreFaultTest {
  private static final SampleBlock FIRST = SampleBlock.of(BlockSize.KIB_1, 1);
  private static final SampleBlock SECOND = SampleBlock.of(BlockSize.KIB_1, 2);

  @Test
  void anyOneCallMayFail() throws IOException {
    failEachCall(SimulatedFiles::failAt);
  }

  @Test
  void allCallsMayFailFromAnyOneOn() throws IOException {
    failEachCall(SimulatedFiles::failFrom);
  }

  private static void failEachCall(ObjLongConsumer<SimulatedFiles> fault) throws IOException {
    var faultless = new SimulatedFiles();
    work(new Witness(), faultless);
    long calls = faultless.calls();
    for (long call = 0; call < calls; call++) {
      var files = new SimulatedFiles();
      var witness = new Witness();
      fault.accept(files, call);
      work(witness, files);
      files.failAt(Long.MAX_VALUE);
      SimulatedFiles rebooted = files.crash(new SplittableRandom(call));
      assertThatCode(() -> witness.check(rebooted)).as("call %d", call).doesNotThrowAnyException();
      files.kill();
      assertThatCode(() -> witness.check(files)).as("call %d", call).doesNotThrowAnyException();
    }
    assertThat(calls).isGreaterThan(20);
  }

  /// Goes on after each error, as a server does.
  private static void work(Witness witness, SimulatedFiles files) {
    try (BlockStore store = witness.open(files)) {
      for (int i = 0; i < 6; i++) {
        try {
          witness.put(store, BLOCKS.get(i / 2 * 2), BLOCKS.get(20 + i));
          witness.sync(store);
        } catch (IOException e) {
          assertThat(e).hasMessageNotContaining("null");
        }
      }
    } catch (IOException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  @Test
  void failedFlushEndsWritingUntilTheStoreIsReopened() throws IOException {
    var files = new SimulatedFiles();
    try (BlockStore store = open(files)) {
      put(store, FIRST);
      store.sync();
      put(store, SECOND);
      files.failFlushes();
      assertThatIOException().isThrownBy(store::sync);
      files.healFlushes();
      assertThatIOException().isThrownBy(store::sync).withMessageContaining("earlier flush");
      assertThatIOException().isThrownBy(() -> put(store, SECOND));
      assertThat(Witness.read(store, FIRST)).isPresent();
    }
    try (BlockStore store = open(files)) {
      put(store, SECOND);
      store.sync();
    }
    try (BlockStore store = open(files.crash(new SplittableRandom(1)))) {
      assertThat(Witness.read(store, FIRST)).isPresent();
      assertThat(Witness.read(store, SECOND)).isPresent();
    }
  }

  @Test
  void fullDiskTakesNothingAndForgetsNothing() throws IOException {
    for (int free = 0; free < 2_100; free += 100) {
      var files = new SimulatedFiles();
      try (BlockStore store = open(files)) {
        put(store, FIRST);
        store.sync();
        files.freeBytes(free);
        int accepted = fill(store);
        assertThat(files.list(writerDirectory(files))).hasSize(accepted);
        assertThat(Witness.read(store, FIRST)).isPresent();
        files.freeBytes(1_000_000);
        put(store, BLOCKS.get(20)); // space is back, and so is writing
        store.sync();
        assertThat(Witness.read(store, BLOCKS.get(20))).isPresent();
      }
      assertThat(files.list("writers")).isEmpty();
      assertNothingHalfWritten(files);
    }
  }

  /// Puts blocks until the disk is full, and returns how many it took.
  private static int fill(BlockStore store) throws IOException {
    for (int i = 0; i < 18; i++) {
      SampleBlock block = BLOCKS.get(2 + i);
      try {
        put(store, block);
      } catch (StoreException.Full e) {
        assertThat(e).hasMessage("store simulated is full");
        assertThat(store.contains(block.reference())).isFalse();
        return i;
      }
    }
    throw new AssertionError("the disk did not fill up");
  }

  private static String writerDirectory(SimulatedFiles files) throws IOException {
    return files.list("writers").stream()
        .filter(name -> !name.endsWith(".lock"))
        .map(name -> "writers/" + name)
        .findAny()
        .orElseThrow();
  }

  private static void assertNothingHalfWritten(SimulatedFiles files) throws IOException {
    for (String shard : files.list("")) {
      for (String block : files.list(shard)) {
        assertThat(files.size(shard + "/" + block)).hasValue(1024);
      }
    }
  }

  @Test
  void diskThatIsFullForNamesOnlyKeepsTheBlocksUntilThereIsSpace() throws IOException {
    var files = new SimulatedFiles();
    try (BlockStore store = open(files)) {
      put(store, FIRST);
      put(store, SECOND);
      files.freeBytes(1);
      assertThatExceptionOfType(StoreException.Full.class).isThrownBy(store::sync);
      assertThat(Witness.read(store, FIRST)).isPresent();
      assertThat(Witness.read(store, SECOND)).isPresent();
      files.freeBytes(10);
      store.sync();
    }
    try (BlockStore store = open(files.crash(new SplittableRandom(1)))) {
      assertThat(Witness.read(store, FIRST)).isPresent();
      assertThat(Witness.read(store, SECOND)).isPresent();
    }
  }

  @Test
  void fullDiskIsReadAllTheSame() throws IOException {
    var files = new SimulatedFiles();
    try (BlockStore store = open(files)) {
      put(store, FIRST);
      store.sync();
    }
    files.freeBytes(0);
    assertThatExceptionOfType(StoreException.Full.class).isThrownBy(() -> open(files));
    try (BlockStore store = DirectoryStore.openReadOnly(files, "simulated")) {
      assertThat(Witness.read(store, FIRST)).isPresent();
      assertThat(store.contains(SECOND.reference())).isFalse();
    }
    assertThat(files.list("")).hasSize(3).containsAll(List.of("FORMAT", "writers"));
  }

  private static BlockStore open(SimulatedFiles files) throws IOException {
    return DirectoryStore.open(files, "simulated");
  }

  private static void put(BlockStore store, SampleBlock block) throws IOException {
    store.put(block.reference(), block.bytes());
  }
}
