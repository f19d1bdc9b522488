package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.store.StoreException;
import eris.stores.DirectoryStore;
import eris.stores.RocksDbStore;
import eris.stores.sync.Direction;
import eris.stores.sync.Narrowing;
import eris.stores.sync.PeerGone;
import eris.stores.sync.SyncResult;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Both sides of a session, against each other.
@Timeout(300)
final class SyncTest {
  private static final Set<Direction> BOTH = SyncPair.BOTH;

  private final MemoryBlockStore left = new MemoryBlockStore();
  private final MemoryBlockStore right = new MemoryBlockStore();

  private static void put(MemoryBlockStore store, BlockSize size, int from, int to) {
    for (int i = from; i < to; i++) {
      SampleBlock block = SampleBlock.of(size, i);
      store.put(block.reference(), block.bytes());
    }
  }

  private static Set<Reference> held(MemoryBlockStore store) throws IOException {
    Set<Reference> references = new TreeSet<>();
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    store.forEach(
        Reference.LEAST,
        (reference, size) -> {
          MemorySegment block = store.get(reference, target).orElseThrow();
          assertThat(Reference.of(block)).isEqualTo(reference);
          assertThat(BlockSize.of(block)).isEqualTo(size);
          references.add(reference);
        });
    return references;
  }

  private static Set<Reference> union(Set<Reference> a, Set<Reference> b) {
    Set<Reference> union = new TreeSet<>(a);
    union.addAll(b);
    return union;
  }

  @Test
  void equalStoresAreDoneInOneRoundTripAndLessThanAHundredBytes() throws Exception {
    put(left, BlockSize.KIB_1, 0, 500);
    put(right, BlockSize.KIB_1, 0, 500);
    SyncResult result = new SyncPair(left, right).run(BOTH).sound();
    assertThat(result.sentBytes() + result.receivedBytes()).isEqualTo(96);
    assertThat(result.roundTrips()).isEqualTo(1);
    assertThat(result.sentBlocks() + result.receivedBlocks()).isZero();
  }

  /// Against the union, computed plainly: sizes and differences of every kind, both kinds of blocks.
  @ParameterizedTest
  @EnumSource(Direction.class)
  void oneDirectionMovesWhatTheOtherSideLacksAndNothingElse(Direction direction) throws Exception {
    put(left, BlockSize.KIB_1, 0, 700);
    put(left, BlockSize.KIB_32, 0, 20);
    put(right, BlockSize.KIB_1, 650, 1_500);
    put(right, BlockSize.KIB_32, 10, 40);
    Set<Reference> leftBefore = held(left);
    Set<Reference> rightBefore = held(right);
    SyncResult result = new SyncPair(left, right).run(Set.of(direction)).sound();
    Set<Reference> all = union(leftBefore, rightBefore);
    assertThat(held(left)).isEqualTo(direction == Direction.PULL ? all : leftBefore);
    assertThat(held(right)).isEqualTo(direction == Direction.PUSH ? all : rightBefore);
    assertThat(result.sentBlocks()).isEqualTo(direction == Direction.PUSH ? 660 : 0);
    assertThat(result.receivedBlocks()).isEqualTo(direction == Direction.PULL ? 820 : 0);
  }

  @Test
  void randomStoresBecomeTheirUnion() throws Exception {
    var seeds = new SplittableRandom(20261125);
    for (int run = 0; run < 40; run++) {
      long seed = seeds.nextLong();
      var random = new SplittableRandom(seed);
      var one = new MemoryBlockStore();
      var two = new MemoryBlockStore();
      int blocks = 1 << random.nextInt(11);
      double common = random.nextDouble();
      for (int i = 0; i < blocks; i++) {
        boolean both = random.nextDouble() < common;
        boolean first = random.nextBoolean();
        if (both || first) {
          put(one, BlockSize.KIB_1, i, i + 1);
        }
        if (both || !first) {
          put(two, BlockSize.KIB_1, i, i + 1);
        }
      }
      var narrowing = new Narrowing(1 + random.nextInt(8), 1 + random.nextInt(20));
      Set<Reference> all = union(held(one), held(two));
      long lacking = 2L * all.size() - one.count() - two.count();
      SyncResult result = new SyncPair(one, two).narrowing(narrowing).run(BOTH).sound();
      assertThat(held(one)).as("seed %d", seed).isEqualTo(all);
      assertThat(held(two)).as("seed %d", seed).isEqualTo(all);
      assertThat(result.sentBlocks() + result.receivedBlocks()).isEqualTo(lacking);
      assertThat(new SyncPair(one, two).run(BOTH).sound().roundTrips()).isEqualTo(1);
    }
  }

  /// Cuts the channel, at first near the beginning, then at random and near the end, in both directions, and
  /// repeats until it is done.
  @Test
  void whateverBreaksOffIsGoneOnWith() throws Exception {
    put(left, BlockSize.KIB_1, 0, 90);
    put(left, BlockSize.KIB_32, 0, 2);
    put(right, BlockSize.KIB_1, 60, 150);
    var whole = new SyncPair(copy(left), copy(right));
    whole.run(BOTH).sound();
    Set<Reference> all = union(held(left), held(right));
    var random = new SplittableRandom(7);
    List<long[]> cuts = new ArrayList<>();
    for (int i = 0; i < 100; i += 3) {
      cuts.add(new long[] {i, Long.MAX_VALUE});
      cuts.add(new long[] {Long.MAX_VALUE, i});
    }
    for (int i = 0; i < 30; i++) {
      cuts.add(new long[] {random.nextLong(whole.fromLeft().length), Long.MAX_VALUE});
      cuts.add(new long[] {Long.MAX_VALUE, random.nextLong(whole.fromRight().length)});
    }
    for (int i = 1; i <= 20; i++) { // the last messages
      cuts.add(new long[] {whole.fromLeft().length - i, Long.MAX_VALUE});
      cuts.add(new long[] {Long.MAX_VALUE, whole.fromRight().length - i});
    }
    for (long[] cut : cuts) {
      MemoryBlockStore one = copy(left);
      MemoryBlockStore two = copy(right);
      SyncPair.Outcome broken = new SyncPair(one, two).cutAfter(cut[0], cut[1]).run(BOTH);
      assertThat(broken.failure()).as("cut %s", Arrays.toString(cut)).isPresent();
      assertThat(all).containsAll(held(one)).containsAll(held(two));
      new SyncPair(one, two).run(BOTH).sound();
      assertThat(held(one)).isEqualTo(all);
      assertThat(held(two)).isEqualTo(all);
    }
  }

  private static MemoryBlockStore copy(MemoryBlockStore store) throws IOException {
    var copy = new MemoryBlockStore();
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    store.forEach(
        Reference.LEAST,
        (reference, _) -> copy.put(reference, store.get(reference, target).orElseThrow()));
    return copy;
  }

  /// More than one list of references holds, in one range.
  @Test
  void manyBlocksTakeSeveralLists() throws Exception {
    put(left, BlockSize.KIB_1, 0, 17_000);
    put(right, BlockSize.KIB_1, 16_990, 17_010);
    var pair = new SyncPair(left, right).narrowing(new Narrowing(8, 1 << 20));
    SyncResult result = pair.run(BOTH).sound();
    assertThat(result.sentBlocks()).isEqualTo(16_990);
    assertThat(result.receivedBlocks()).isEqualTo(10);
    assertThat(result.roundTrips()).isEqualTo(4);
    assertThat(left.count()).isEqualTo(17_010);
    assertThat(right.count()).isEqualTo(17_010);
  }

  @ParameterizedTest
  @CsvSource({"PUSH, PULL", "PULL, PUSH"})
  void whatIsNotAllowedIsRefused(Direction allowed, Direction wanted) throws Exception {
    put(left, BlockSize.KIB_1, 0, 3);
    put(right, BlockSize.KIB_1, 2, 5);
    for (Set<Direction> directions : List.of(Set.of(wanted), BOTH)) {
      SyncPair.Outcome outcome =
          new SyncPair(left, right).allowing(Set.of(allowed)).run(directions);
      assertThat(outcome.failure().orElseThrow()).isInstanceOf(StoreException.Refused.class);
      assertThat(outcome.peerFailure().orElseThrow()).isInstanceOf(StoreException.Refused.class);
      assertThat(left.count()).isEqualTo(3);
      assertThat(right.count()).isEqualTo(3);
    }
    new SyncPair(left, right).allowing(Set.of(allowed)).run(Set.of(allowed)).sound();
  }

  @Test
  void corruptBlocksAreToldAndLeftOut() throws Exception {
    put(left, BlockSize.KIB_1, 0, 20);
    put(right, BlockSize.KIB_1, 15, 40);
    Reference ours = SampleBlock.of(BlockSize.KIB_1, 3).reference();
    Reference theirs = SampleBlock.of(BlockSize.KIB_1, 30).reference();
    var bad = new FaultyStore(left);
    bad.damage(ours, _ -> new byte[1024]);
    var bad2 = new FaultyStore(right);
    bad2.damage(theirs, bytes -> Arrays.copyOf(bytes, 1000));
    var pair = new SyncPair(bad, left, bad2, right);
    SyncResult result = pair.run(BOTH).sound();
    assertThat(result.sentBlocks()).isEqualTo(14);
    assertThat(result.receivedBlocks()).isEqualTo(19);
    assertThat(pair.corrupt()).containsExactlyInAnyOrder(ours, theirs);
    assertThat(right.contains(ours)).isFalse();
    assertThat(left.contains(theirs)).isFalse();
  }

  /// The last thing that a store is asked before each acknowledgement is to be durable.
  @ParameterizedTest
  @EnumSource(Direction.class)
  void anAcknowledgementIsSentAfterTheSync(Direction direction) throws Exception {
    var source = direction == Direction.PUSH ? left : right;
    var target = new Recorder(direction == Direction.PUSH ? right : left);
    put(source, BlockSize.KIB_1, 0, 100);
    SyncPair pair =
        direction == Direction.PUSH
            ? new SyncPair(left, left, target, right)
            : new SyncPair(target, left, right, right);
    pair.run(Set.of(direction)).sound();
    assertThat(target.stored.get()).isEqualTo(100);
    assertThat(target.unsynced.get()).isZero();

    var failing = new Recorder(new MemoryBlockStore());
    failing.syncFails = true;
    var empty = new MemoryBlockStore();
    SyncPair failed =
        direction == Direction.PUSH
            ? new SyncPair(source, source, failing, empty)
            : new SyncPair(failing, empty, source, source);
    SyncPair.Outcome outcome = failed.narrowing(new Narrowing(8, 100)).run(Set.of(direction));
    if (direction == Direction.PUSH) {
      assertThat(failed.fromRight()).hasSize(48 + 1 + 13 + 2); // greeting, HELD, FAILED
    } else {
      assertThat(failed.fromLeft()).hasSize(48 + 72); // greeting, HAVE
    }
    assertThat(outcome.result()).isEmpty();
    assertThat(outcome.failure().orElseThrow())
        .hasMessage(direction == Direction.PUSH ? "the other side failed" : "the disk has failed");
  }

  @Test
  void aFullStoreOnTheOtherSideIsCalledFull() throws Exception {
    put(left, BlockSize.KIB_1, 0, 5_000);
    var full = new Recorder(right);
    full.room = 1_500;
    SyncPair.Outcome outcome = new SyncPair(left, left, full, right).run(Set.of(Direction.PUSH));
    assertThat(outcome.failure().orElseThrow())
        .isInstanceOf(StoreException.Full.class)
        .hasMessage("store on the other side is full");
    full.room = Long.MAX_VALUE;
    new SyncPair(left, left, full, right).run(Set.of(Direction.PUSH)).sound();
    assertThat(held(right)).isEqualTo(held(left));
  }

  /// A stream that does not end, or claims more than there is, cannot be stored for ever: this is
  /// what a peer of our own does when blocks come in meanwhile.
  @Test
  void blocksThatComeMeanwhileAreForTheNextSession() throws Exception {
    put(left, BlockSize.KIB_1, 0, 10);
    put(right, BlockSize.KIB_1, 10, 12);
    var growing = new AtomicLong();
    var pair =
        new SyncPair(
            left,
            left,
            right,
            (from, visitor) -> {
              if (growing.getAndIncrement() == 1) { // after the greeting
                put(right, BlockSize.KIB_1, 12, 30);
              }
              right.forEach(from, visitor);
            });
    assertThat(pair.run(Set.of(Direction.PULL)).sound().receivedBlocks()).isEqualTo(2);
    assertThat(pair.run(Set.of(Direction.PULL)).sound().receivedBlocks()).isEqualTo(18);
    assertThat(held(left)).containsAll(held(right));
  }

  @Test
  void storesOnDiskAreSynchronised(@TempDir Path home) throws Exception {
    put(left, BlockSize.KIB_1, 0, 300);
    put(left, BlockSize.KIB_32, 0, 40);
    put(right, BlockSize.KIB_1, 250, 500);
    Set<Reference> all = union(held(left), held(right));
    try (var directory = DirectoryStore.open(home.resolve("dir"));
        var rocks = RocksDbStore.open(home.resolve("rocks"))) {
      new SyncPair(left, directory).run(Set.of(Direction.PUSH)).sound();
      new SyncPair(rocks, right).run(Set.of(Direction.PULL)).sound();
      SyncResult result = new SyncPair(directory, rocks).run(BOTH).sound();
      assertThat(result.sentBlocks()).isEqualTo(290);
      assertThat(result.receivedBlocks()).isEqualTo(200);
      Set<Reference> held = new HashSet<>();
      rocks.forEach(Reference.LEAST, (reference, _) -> held.add(reference));
      assertThat(held).isEqualTo(all);
      assertThat(new SyncPair(rocks, directory).run(BOTH).sound().roundTrips()).isEqualTo(1);
    }
  }

  @Test
  void aStoreThatFailsWhileReadingEndsBothSides() throws Exception {
    put(left, BlockSize.KIB_1, 0, 100);
    put(right, BlockSize.KIB_1, 50, 150);
    var broken = new FaultyStore(right);
    broken.breakDown();
    SyncPair.Outcome outcome = new SyncPair(left, left, broken, right).run(Set.of(Direction.PULL));
    assertThat(outcome.failure().orElseThrow()).hasMessage("the other side failed");
    outcome = new SyncPair(broken, right, left, left).run(Set.of(Direction.PUSH));
    assertThat(outcome.failure().orElseThrow()).hasMessage("the store broke down");
    assertThat(outcome.peerFailure().orElseThrow()).isInstanceOf(PeerGone.class);
  }

  /// Knows what no sync has covered.
  private static final class Recorder implements BlockStore {
    private final MemoryBlockStore store;
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong unsynced = new AtomicLong();
    private volatile boolean syncFails;
    private volatile long room = Long.MAX_VALUE;

    Recorder(MemoryBlockStore store) {
      this.store = store;
    }

    @Override
    public Optional<MemorySegment> get(Reference reference, MemorySegment target) {
      return store.get(reference, target);
    }

    @Override
    public boolean contains(Reference reference) {
      return store.contains(reference);
    }

    @Override
    public void put(Reference reference, MemorySegment block) throws IOException {
      if (stored.incrementAndGet() > room) {
        throw new StoreException.Full("small", new IOException("no space"));
      }
      store.put(reference, block);
      unsynced.incrementAndGet();
    }

    @Override
    public void sync() throws IOException {
      if (syncFails) {
        throw new IOException("the disk has failed");
      }
      unsynced.set(0);
    }

    @Override
    public void close() {}
  }
}
