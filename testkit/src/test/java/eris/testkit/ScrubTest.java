package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockSource;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.store.ScrubbableStore;
import eris.store.StoreException;
import eris.stores.Clock;
import eris.stores.DirectoryStore;
import eris.stores.Pace;
import eris.stores.RocksDbStore;
import eris.stores.Scrub;
import eris.stores.Scrub.Cure;
import eris.stores.ScrubCursor;
import eris.testkit.SimulatedHardware.PowerCut;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScrubTest {
  private static final List<SampleBlock> BLOCKS = SampleBlock.list(BlockSize.KIB_32, 200);
  private static final long TOTAL_BYTES = 200L * 32768;
  private static final Scrub.Opener READ_ONLY =
      () -> {
        throw new StoreException.ReadOnly("here");
      };

  private final SimulatedFiles files = new SimulatedFiles();
  private final FakeClock clock = new FakeClock();
  private final Told told = new Told();

  @TempDir Path home;

  private static final class FakeClock implements Clock {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void pause(Duration duration) {
      now += duration.toNanos();
    }
  }

  private static final class Told implements Scrub.Listener {
    private final Map<Reference, Cure> cures = new LinkedHashMap<>();
    private final List<String> places = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private long sound;
    private long endAfter = Long.MAX_VALUE;

    @Override
    public void sound(BlockSize size) {
      sound++;
    }

    @Override
    public void corrupt(CorruptBlock corrupt, String place, Cure cure) throws IOException {
      cures.put(corrupt.reference(), cure);
      places.add(place);
      if (cures.size() >= endAfter) {
        throw new EOFException("killed");
      }
    }

    @Override
    public void healerFailed(Scrub.Healer healer, IOException failure) {
      failures.add(healer.name() + ": " + failure.getMessage());
    }
  }

  @Test
  void rateIsKept() throws IOException {
    try (ScrubbableStore store = filled()) {
      scrub(store, List.of(), Pace.of(TOTAL_BYTES / 100, clock)).run();
    }
    assertThat(told.sound).isEqualTo(200);
    assertThat(Duration.ofNanos(clock.now))
        .isBetween(Duration.ofSeconds(99), Duration.ofSeconds(101));
  }

  @Test
  void badCopiesAreSetAside() throws IOException {
    try (ScrubbableStore store = filled()) {
      damage(7, 50, 199);
      scrub(store, List.of(), Pace.unlimited()).run();
      assertThat(told.sound).isEqualTo(197);
      assertThat(told.cures)
          .containsOnlyKeys(reference(7), reference(50), reference(199))
          .allSatisfy((_, cure) -> assertThat(cure).isEqualTo(new Cure.SetAside()));
      assertThat(told.places).allMatch(place -> place.matches("file ../[A-Z2-7]{52} in simulated"));
      assertThat(store.contains(reference(7))).isFalse();
      assertThat(store.contains(reference(8))).isTrue();
    }
  }

  @Test
  void firstHealerWithASoundCopyHeals() throws IOException {
    var empty = new MemoryBlockStore();
    var liar = new MemoryBlockStore();
    var good = new MemoryBlockStore();
    liar.put(reference(7), MemorySegment.ofArray(new byte[32768]));
    good.put(reference(7), BLOCKS.get(7).bytes());
    BlockSource broken =
        (_, _) -> {
          throw new IOException("out of order");
        };
    List<Scrub.Healer> healers =
        List.of(
            new Scrub.Healer("empty", empty),
            new Scrub.Healer("broken", broken),
            new Scrub.Healer("liar", liar),
            new Scrub.Healer("good", good));
    try (ScrubbableStore store = filled()) {
      damage(7);
      scrub(store, healers, Pace.unlimited()).run();
      assertThat(told.cures).containsExactly(Map.entry(reference(7), new Cure.Healed("good")));
      assertThat(told.failures)
          .containsExactly(
              "broken: out of order",
              "liar: block %s is corrupt: does not hash to its reference"
                  .formatted(reference(7).abbreviated()));
      assertThat(Witness.read(store, BLOCKS.get(7))).isPresent();
    }
    try (BlockStore after = open(files.crash(new SplittableRandom(1)))) {
      assertThat(Witness.read(after, BLOCKS.get(7))).isPresent();
    }
  }

  /// Found bad by the scrub, healed by a put before the scrub comes to deal with it.
  @Test
  void blockThatWasPutMeanwhileIsSound() throws IOException {
    try (ScrubbableStore store = filled()) {
      damage(7);
      Scrub.Opener opener =
          () -> {
            try (BlockStore writer = open(files)) {
              writer.put(reference(7), BLOCKS.get(7).bytes());
              writer.sync();
            }
            return open(files);
          };
      scrub(store, opener, List.of(), Pace.unlimited()).run();
      assertThat(told.cures).containsExactly(Map.entry(reference(7), new Cure.Sound()));
      assertThat(Witness.read(store, BLOCKS.get(7))).isPresent();
    }
  }

  @Test
  void storeThatTakesNoWritesIsScrubbedAllTheSame() throws IOException {
    try (ScrubbableStore store = filled()) {
      damage(7, 50);
      scrub(store, READ_ONLY, List.of(), Pace.unlimited()).run();
      assertThat(told.cures)
          .hasSize(2)
          .allSatisfy((_, cure) -> assertThat(cure).isInstanceOf(Cure.Left.class));
      assertThat(told.sound).isEqualTo(198);
    }
  }

  /// Wherever a scrub ends, the next one finds what it has not dealt with, and does not do all again.
  @Test
  void interruptedScrubIsGoneOnWith() throws IOException {
    try (ScrubbableStore store = filled()) {
      int[] every = java.util.stream.IntStream.range(0, 200).toArray();
      damage(every);
      told.endAfter = 1;
      int runs = 0;
      boolean done = false;
      while (!done) {
        runs++;
        try {
          scrub(store, List.of(), Pace.of(1 << 20, clock)).run();
          done = true;
        } catch (EOFException _) {
          told.endAfter = told.cures.size() + 40L;
        }
      }
      assertThat(told.cures).hasSize(200);
      assertThat(runs).isBetween(4, 20);
      for (SampleBlock block : BLOCKS) {
        assertThat(store.contains(block.reference())).isFalse();
      }
    }
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void cursorThatCannotBeKeptIsDoneWithout() throws IOException {
    Path nowhere = home.resolve("absent");
    try (ScrubbableStore store = filled()) {
      new Scrub(
              store,
              READ_ONLY,
              List.of(),
              ScrubCursor.in(nowhere),
              Pace.of(1 << 20, clock),
              clock,
              told)
          .run();
    }
    assertThat(told.sound).isEqualTo(200);
  }

  /// The power fails at each call of taking a copy out of use; whatever is left, it is not believed,
  /// and a put heals it.
  @Test
  void cutWhileSettingAsideLosesNothingSound() throws IOException {
    for (int call = 0; call < 30; call++) {
      for (int state = 0; state < 5; state++) {
        var disk = new SimulatedFiles();
        try (BlockStore store = open(disk)) {
          putBad(store, 1);
          store.put(reference(2), BLOCKS.get(2).bytes());
          store.sync();
        }
        setAsideUntilCut(disk, disk.calls() + call);
        try (ScrubbableStore after = open(disk.crash(new SplittableRandom(call * 10L + state)))) {
          after.setAside(reference(1));
          assertThat(after.contains(reference(1))).isFalse();
          assertThat(Witness.read(after, BLOCKS.get(2))).isPresent();
          after.put(reference(1), BLOCKS.get(1).bytes());
          after.sync();
          assertThat(Witness.read(after, BLOCKS.get(1))).isPresent();
        }
      }
    }
  }

  private static void setAsideUntilCut(SimulatedFiles disk, long call) throws IOException {
    disk.cutAt(call);
    try (ScrubbableStore store = open(disk)) {
      store.setAside(reference(1));
    } catch (PowerCut _) {
      return; // as planned
    }
  }

  /// What a crash between two renames may leave.
  @Test
  void soundFileThatWasSetAsideComesBack() throws IOException {
    try (ScrubbableStore store = filled()) {
      String name = reference(7).toString();
      files.createDirectory("corrupt");
      files.rename(name.substring(0, 2) + "/" + name, "corrupt/" + name);
      scrub(store, List.of(), Pace.unlimited()).run();
      assertThat(told.cures).containsExactly(Map.entry(reference(7), new Cure.Sound()));
      assertThat(Witness.read(store, BLOCKS.get(7))).isPresent();
    }
  }

  /// RocksDB's own checksums find the damage first.
  @Test
  void damageInADatabaseIsFoundAndHealed() throws IOException {
    Path place = home.resolve("database");
    var good = new MemoryBlockStore();
    good.putAll(SampleBlock.batch(BlockSize.KIB_32, BLOCKS));
    try (BlockStore store = RocksDbStore.open(place)) {
      store.putAll(SampleBlock.batch(BlockSize.KIB_32, BLOCKS));
    }
    int damaged = damageBlobs(place);
    try (ScrubbableStore store = RocksDbStore.openReadOnly(place)) {
      new Scrub(
              store,
              () -> RocksDbStore.open(place),
              List.of(),
              ScrubCursor.in(place),
              Pace.unlimited(),
              clock,
              told)
          .run();
    }
    assertThat(told.cures)
        .hasSize(damaged)
        .allSatisfy((_, cure) -> assertThat(cure).isEqualTo(new Cure.SetAside()));
    assertThat(told.places).containsOnly("database " + place);
    told.cures.clear();
    try (ScrubbableStore store = RocksDbStore.openReadOnly(place)) {
      new Scrub(
              store,
              () -> RocksDbStore.open(place),
              List.of(new Scrub.Healer("good", good)),
              ScrubCursor.in(place),
              Pace.unlimited(),
              clock,
              told)
          .run();
    }
    assertThat(told.cures)
        .hasSize(damaged)
        .allSatisfy((_, cure) -> assertThat(cure).isEqualTo(new Cure.Healed("good")));
    try (ScrubbableStore store = RocksDbStore.openReadOnly(place)) {
      for (SampleBlock block : BLOCKS) {
        assertThat(Witness.read(store, block)).isPresent();
      }
    }
  }

  /// One byte in each of two places of every blob file, far enough apart for two blocks.
  private static int damageBlobs(Path place) throws IOException {
    List<Path> blobs;
    try (Stream<Path> all = Files.list(place)) {
      blobs = all.filter(file -> file.toString().endsWith(".blob")).toList();
    }
    for (Path blob : blobs) {
      try (var file = new RandomAccessFile(blob.toFile(), "rw")) {
        for (long part = 1; part <= 2; part++) {
          file.seek(file.length() * part / 3);
          int old = file.read();
          file.seek(file.length() * part / 3);
          file.write(old ^ 0x10);
        }
      }
    }
    assertThat(blobs).isNotEmpty();
    return 2 * blobs.size();
  }

  @Test
  void failureOfTheStoreEndsTheScrub() throws IOException {
    try (ScrubbableStore store = filled()) {
      Scrub scrub =
          scrub(
              store,
              () -> {
                throw new IOException("no more");
              },
              List.of(),
              Pace.unlimited());
      damage(7);
      assertThatExceptionOfType(IOException.class).isThrownBy(scrub::run).withMessage("no more");
      assertThat(told.cures).isEmpty();
    }
  }

  private Scrub scrub(ScrubbableStore store, List<Scrub.Healer> healers, Pace pace) {
    return scrub(store, () -> open(files), healers, pace);
  }

  private Scrub scrub(
      ScrubbableStore store, Scrub.Opener opener, List<Scrub.Healer> healers, Pace pace) {
    return new Scrub(store, opener, healers, ScrubCursor.in(home), pace, clock, told);
  }

  private ScrubbableStore filled() throws IOException {
    try (BlockStore store = open(files)) {
      store.putAll(SampleBlock.batch(BlockSize.KIB_32, BLOCKS));
      store.sync();
    }
    return DirectoryStore.openReadOnly(files, "simulated");
  }

  private void damage(int... indices) throws IOException {
    try (BlockStore store = open(files)) {
      for (int index : indices) {
        putBad(store, index);
      }
      store.sync();
    }
  }

  private static void putBad(BlockStore store, int index) throws IOException {
    store.put(reference(index), MemorySegment.ofArray(new byte[32768]));
  }

  private static DirectoryStore open(SimulatedFiles disk) throws IOException {
    return DirectoryStore.open(disk, "simulated");
  }

  private static Reference reference(int index) {
    return BLOCKS.get(index).reference();
  }
}
