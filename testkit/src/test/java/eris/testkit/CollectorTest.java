package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.Reference;
import eris.retention.Collector;
import eris.retention.LiveSet;
import eris.retention.Promises;
import eris.retention.Push;
import eris.retention.Tally;
import eris.retention.Verdict;
import eris.store.CollectableStore;
import eris.store.Retention;
import eris.stores.Clock;
import eris.stores.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CollectorTest {
  private static final List<SampleBlock> BLOCKS =
      Stream.concat(
              SampleBlock.list(BlockSize.KIB_1, 4).stream(),
              SampleBlock.list(BlockSize.KIB_32, 1).stream())
          .toList();

  private final MemoryCollectableStore store = new MemoryCollectableStore();
  private final Promises promises = new Promises(store);

  @BeforeEach
  void fill() throws IOException {
    for (SampleBlock block : BLOCKS) {
      store.put(block.reference(), block.bytes());
    }
    store.sync();
  }

  @Test
  void whatNobodyWantsGoesInTwoPasses() throws IOException {
    List<SampleBlock> wanted = BLOCKS.subList(0, 3);
    Tally first = collect(wanted);
    assertThat(first.of(Verdict.KEEP)).isEqualTo(new Tally.Amount(3, 3 * 1024));
    assertThat(first.of(Verdict.TRASH)).isEqualTo(new Tally.Amount(2, 33 * 1024));
    assertThat(first.shareGoing()).isEqualTo(33.0 / 36);
    for (SampleBlock block : BLOCKS) {
      assertThat(store.contains(block.reference())).isEqualTo(wanted.contains(block));
      assertThat(store.hasBytes(block.reference())).isTrue();
    }
    Tally second = collect(wanted);
    assertThat(second.of(Verdict.FREE)).isEqualTo(new Tally.Amount(2, 33 * 1024));
    for (SampleBlock block : BLOCKS) {
      assertThat(store.hasBytes(block.reference())).isEqualTo(wanted.contains(block));
    }
    assertThat(collect(wanted).of(Verdict.KEEP).blocks()).isEqualTo(3);
  }

  @Test
  void whatIsWantedAgainComesBack() throws IOException {
    collect(BLOCKS.subList(0, 1));
    Tally tally = collect(BLOCKS);
    assertThat(tally.of(Verdict.RESTORE).blocks()).isEqualTo(4);
    for (SampleBlock block : BLOCKS) {
      assertThat(store.contains(block.reference())).isTrue();
    }
  }

  @Test
  void surveyChangesNothingAndTellsWhatIsMissing() throws IOException {
    var more = new TreeSet<>(references(BLOCKS.subList(1, 2)));
    more.add(new Reference(1, 0, 0, 0));
    more.add(new Reference(-1, 0, 0, 0));
    Tally tally = collector(store, () -> List.of(new ListedSet(more))).begin().survey(_ -> {});
    assertThat(tally.missing()).isEqualTo(2);
    assertThat(tally.of(Verdict.TRASH).blocks()).isEqualTo(4);
    assertThat(tally.going()).isEqualTo(4);
    assertThat(tally.all()).isEqualTo(5);
    for (SampleBlock block : BLOCKS) {
      assertThat(store.contains(block.reference())).isTrue();
    }
  }

  @Test
  void severalLiveSetsCountTogether() throws IOException {
    List<LiveSet> sets =
        List.of(
            new ListedSet(references(BLOCKS.subList(0, 2))),
            new ListedSet(references(BLOCKS.subList(1, 4))),
            new ListedSet(new TreeSet<>()));
    Tally tally = collector(store, () -> sets).begin().run(_ -> {});
    assertThat(tally.of(Verdict.KEEP).blocks()).isEqualTo(4);
    assertThat(tally.missing()).isZero();
  }

  @Test
  void openPushKeepsWhatItFoundAndWhatItPut() throws IOException {
    SampleBlock found = BLOCKS.get(0);
    SampleBlock put = SampleBlock.of(BlockSize.KIB_1, 100);
    collect(BLOCKS); // now nothing is in the trash
    try (var push = new Push(store, promises)) {
      assertThat(push.has(found.reference())).isTrue();
      store.put(put.reference(), put.bytes());
      for (int pass = 0; pass < 4; pass++) {
        Tally tally = collect(BLOCKS.subList(1, 3));
        assertThat(tally.of(Verdict.FREE).blocks()).isZero();
        assertThat(tally.of(Verdict.SPARE).blocks()).isEqualTo(1);
        assertThat(tally.of(Verdict.WAIT).blocks()).isEqualTo(pass == 0 ? 0 : 3);
      }
      assertThat(push.hold(found.reference())).isTrue();
      assertThat(push.hold(put.reference())).isTrue();
    }
    assertThat(collect(BLOCKS.subList(1, 3)).of(Verdict.FREE).blocks()).isEqualTo(2);
  }

  @Test
  void oldestOfSeveralPromisesCounts() throws IOException {
    long first = promises.oldest();
    var one = new Push(store, promises);
    touch();
    var two = new Push(store, promises);
    var three = new Push(store, promises);
    assertThat(promises.oldest()).isEqualTo(first);
    one.close();
    one.close(); // counts once
    long second = promises.oldest();
    assertThat(second).isGreaterThan(first);
    touch();
    two.close();
    assertThat(promises.oldest()).isEqualTo(second);
    three.close();
    assertThat(promises.oldest()).isEqualTo(store.sequence()).isGreaterThan(second);
  }

  @Test
  void blockThatIsPutBetweenLookAndMoveStays() throws IOException {
    SampleBlock unwanted = BLOCKS.getLast();
    var putting =
        new InterleavedStore(
            store, () -> store.put(unwanted.reference(), unwanted.bytes()), _ -> {});
    List<LiveSet> live = List.of(new ListedSet(references(BLOCKS.subList(0, 4))));
    Tally tally = collector(putting, () -> live).begin().run(_ -> {});
    assertThat(tally.of(Verdict.TRASH).blocks()).isZero();
    assertThat(store.contains(unwanted.reference())).isTrue();
  }

  @Test
  void blockThatCameToTheTrashAnewIsNotFreed() throws IOException {
    SampleBlock unwanted = BLOCKS.getLast();
    collect(BLOCKS.subList(0, 4));
    var moving =
        new InterleavedStore(
            store,
            () -> {
              store.restore(unwanted.reference());
              store.moveToTrash(unwanted.reference(), Long.MAX_VALUE);
            },
            _ -> {});
    List<LiveSet> live = List.of(new ListedSet(references(BLOCKS.subList(0, 4))));
    Tally tally = collector(moving, () -> live).begin().run(_ -> {});
    assertThat(tally.of(Verdict.FREE).blocks()).isZero();
    assertThat(store.hasBytes(unwanted.reference())).isTrue();
  }

  @Test
  void nothingGoesWithoutALiveSet() {
    assertThatThrownBy(() -> collector(store, List::of).begin())
        .isInstanceOf(Collector.RefusedException.class)
        .hasMessage("no live set: nothing says what to keep");
  }

  @Test
  void onlyLeasedStoresAreCollected() {
    for (Retention.Mode mode : List.of(Retention.Mode.ARCHIVE, Retention.Mode.CACHE)) {
      store.setRetention(new Retention(mode, OptionalLong.of(1 << 20)));
      assertThatThrownBy(() -> collect(BLOCKS.subList(0, 1)))
          .isInstanceOf(Collector.RefusedException.class);
    }
  }

  @Test
  void rateHoldsItBack() throws IOException {
    var clock = new StoppedClock();
    List<LiveSet> live = List.of(new ListedSet(references(BLOCKS.subList(0, 1))));
    new Collector(store, promises, () -> live, Pace.of(1024, clock)).begin().run(_ -> {});
    assertThat(clock.paused).isEqualTo(Duration.ofSeconds(3 + 32));
  }

  private static final class StoppedClock implements Clock {
    private Duration paused = Duration.ZERO;

    @Override
    public long nanoTime() {
      return paused.toNanos();
    }

    @Override
    public void pause(Duration duration) {
      paused = paused.plus(duration);
    }
  }

  private void touch() throws IOException {
    store.put(BLOCKS.getFirst().reference(), BLOCKS.getFirst().bytes());
    store.sync();
  }

  private Tally collect(Collection<SampleBlock> wanted) throws IOException {
    List<LiveSet> live = List.of(new ListedSet(references(wanted)));
    return collector(store, () -> live).begin().run(_ -> {});
  }

  private Collector collector(CollectableStore collected, eris.retention.LiveSets live) {
    return new Collector(collected, promises, live, Pace.unlimited());
  }

  private static SortedSet<Reference> references(Collection<SampleBlock> blocks) {
    var references = new TreeSet<Reference>();
    blocks.forEach(block -> references.add(block.reference()));
    return references;
  }
}
