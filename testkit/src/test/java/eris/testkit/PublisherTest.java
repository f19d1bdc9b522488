package eris.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Encoder;
import eris.codec.TreeWalk;
import eris.format.ErisFs;
import eris.retention.Account;
import eris.retention.Collector;
import eris.retention.DamagedLiveSet;
import eris.retention.Head;
import eris.retention.Heads;
import eris.retention.Pin;
import eris.retention.Promises;
import eris.retention.PublishedSets;
import eris.retention.Publisher;
import eris.retention.Tally;
import eris.retention.Verdict;
import eris.stores.Pace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Live sets from pins to what a collection leaves.
final class PublisherTest {
  private final MemoryCollectableStore store = new MemoryCollectableStore();
  private final Promises promises = new Promises(store);
  private final Heads heads = new Heads(store);
  private final Publisher publisher = new Publisher(store, promises, heads);
  private final Account account = Account.generate();

  /// The blocks of what was put, whether or not they are still there.
  private final Map<ReadCapability, Set<Reference>> known = new HashMap<>();

  @Test
  void justWhatIsPinnedIsKept() throws IOException {
    ReadCapability pinned = put(300_000, 1);
    ReadCapability unpinned = put(200_000, 2);
    store.sync();
    Head head = publisher.publish(account, 1, List.of(pin(pinned)));
    assertThat(head.count()).isEqualTo(blocksOf(pinned).size());

    collectTwice();
    assertThat(held(pinned)).isTrue();
    assertThat(held(head.list())).isTrue();
    assertThat(blocksOf(unpinned)).isNotEmpty().noneMatch(store::hasBytes);
  }

  @Test
  void filesOfADirectoryAreKept() throws IOException {
    ReadCapability file = put(100_000, 1);
    ReadCapability program = put(50_000, 2);
    var entries = new TreeMap<ErisFs.Path, ErisFs.Entry>();
    entries.put(new ErisFs.Path(List.of("a")), new ErisFs.File(file));
    entries.put(new ErisFs.Path(List.of("b")), new ErisFs.Executable(program));
    entries.put(new ErisFs.Path(List.of("c")), new ErisFs.SymbolicLink("a"));
    ReadCapability directory = put(new ErisFs(entries).encode());
    store.sync();

    publisher.publish(
        account, 1, List.of(new Pin("", "", directory, Pin.Scope.DIRECTORY), pin(file)));
    collectTwice();
    assertThat(List.of(file, program, directory)).allMatch(this::held);

    publisher.publish(account, 2, List.of(pin(directory)));
    collectTwice();
    assertThat(held(directory)).isTrue();
    assertThat(held(file)).isFalse();
  }

  @Test
  void whatIsNoDirectoryIsNotPublishedAsOne() throws IOException {
    ReadCapability file = put(1000, 1);
    assertThatThrownBy(
            () ->
                publisher.publish(account, 1, List.of(new Pin("", "", file, Pin.Scope.DIRECTORY))))
        .isInstanceOf(Publisher.IncompleteException.class);
    assertThat(heads.all()).isEmpty();
  }

  @Test
  void supersededListsGo() throws IOException {
    ReadCapability one = put(2_000_000, 1);
    ReadCapability two = put(1_000_000, 2);
    store.sync();
    Head first = publisher.publish(account, 1, List.of(pin(one), pin(two)));
    Head second = publisher.publish(account, 2, List.of(pin(one)));
    collectTwice();
    assertThat(held(second.list())).isTrue();
    assertThat(held(first.list())).isFalse();
  }

  @Test
  void publishingTakesOutOfTheTrash() throws IOException {
    ReadCapability content = put(100_000, 1);
    store.sync();
    publisher.publish(account, 1, List.of());
    collect();
    assertThat(held(content)).isFalse();
    publisher.publish(account, 2, List.of(pin(content)));
    assertThat(held(content)).isTrue();
    collectTwice();
    assertThat(held(content)).isTrue();
  }

  @Test
  void missingBlocksAreCountedAndNothingIsPublished() throws IOException {
    ReadCapability content = put(40_000, 1);
    store.sync();
    publisher.publish(account, 1, List.of());
    int lost = 0;
    for (Reference reference : leavesOf(content).stream().limit(3).toList()) {
      store.moveToTrash(reference, Long.MAX_VALUE);
      lost += store.free(reference, Long.MAX_VALUE) ? 1 : 0;
    }
    assertThat(lost).isEqualTo(3);
    assertThatThrownBy(() -> publisher.publish(account, 2, List.of(pin(content))))
        .isInstanceOf(Publisher.IncompleteException.class)
        .hasMessage("3 blocks of what is pinned are missing, 0 are wrong");
    assertThat(heads.of(account.id()).orElseThrow().sequence()).isEqualTo(1);
    assertThat(promises.oldest()).isEqualTo(store.sequence());
  }

  @Test
  void bombTakesSixReads() throws IOException {
    ReadCapability bomb = RepeatedTree.bomb(store);
    store.sync();
    long before = store.gets();
    assertThat(publisher.publish(account, 1, List.of(pin(bomb))).count()).isEqualTo(6);
    assertThat(store.gets() - before).isLessThanOrEqualTo(6);
    collectTwice();
    assertThat(held(bomb)).isTrue();
  }

  @Test
  void headsFollowEachOther() throws IOException {
    publisher.publish(account, 5, List.of());
    for (long sequence : List.of(1L, 5L)) {
      assertThatThrownBy(() -> publisher.publish(account, sequence, List.of()))
          .isInstanceOf(Heads.StaleHead.class);
    }
    publisher.publish(account, 6, List.of());
    publisher.publish(Account.generate(), 1, List.of());
    assertThat(heads.all()).hasSize(2);
    assertThat(heads.expire(account.id())).isTrue();
    assertThat(heads.expire(account.id())).isFalse();
    assertThat(heads.all()).hasSize(1);
  }

  @Test
  void forgedHeadIsRefused() throws IOException {
    Head head = publisher.publish(account, 1, List.of());
    Head forged = new Head(Account.generate().id(), 2, head.count(), head.list(), head.signature());
    assertThatThrownBy(() -> heads.replace(forged)).isInstanceOf(DamagedLiveSet.class);
    assertThat(heads.all()).containsExactly(head);
  }

  /// Each block of the list in turn is lost, then changed.
  @Test
  void damagedListDeletesNothing() throws IOException {
    ReadCapability content = put(3_000_000, 1);
    put(1000, 2);
    store.sync();
    Head head = publisher.publish(account, 1, List.of(pin(content)));
    for (Reference reference : blocksOf(head.list())) {
      MemorySegment block = store.get(reference, room()).orElseThrow();
      MemorySegment other = MemorySegment.ofArray(new byte[(int) block.byteSize()]);
      store.put(reference, other);
      assertThatThrownBy(this::collect).isInstanceOf(DamagedLiveSet.class);
      store.moveToTrash(reference, Long.MAX_VALUE);
      store.free(reference, Long.MAX_VALUE);
      assertThatThrownBy(this::collect).isInstanceOf(DamagedLiveSet.class);
      store.put(reference, block);
    }
    assertThat(collect().of(Verdict.TRASH).blocks()).isEqualTo(1);
  }

  @Test
  void damagedOrLostTableDeletesNothing() throws IOException {
    put(1000, 2);
    store.sync();
    publisher.publish(account, 1, List.of());
    byte[] table = store.metadata();
    table[table.length - 1] ^= 1;
    store.setMetadata(table);
    assertThatThrownBy(this::collect).isInstanceOf(DamagedLiveSet.class);
    assertThatThrownBy(() -> publisher.publish(account, 2, List.of()))
        .isInstanceOf(DamagedLiveSet.class);
    store.setMetadata(new byte[0]);
    assertThatThrownBy(this::collect).isInstanceOf(Collector.RefusedException.class);
    heads.replace(Head.sign(account, 3, 7, put(1000, 3)));
    assertThatThrownBy(this::collect)
        .isInstanceOf(DamagedLiveSet.class)
        .hasMessage("damaged live set: the list has 1000 bytes, want 7 references");
  }

  private Tally collect() throws IOException {
    return new Collector(store, promises, new PublishedSets(store, heads), Pace.unlimited())
        .begin()
        .run(_ -> {});
  }

  private void collectTwice() throws IOException {
    collect();
    collect();
  }

  private ReadCapability put(int size, int seed) throws IOException {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    return put(content);
  }

  private ReadCapability put(byte[] content) throws IOException {
    ReadCapability capability =
        new Encoder(BlockSize.KIB_1, store)
            .encode(new ByteArrayInputStream(content), ConvergenceSecret.nullSecret());
    known.put(capability, walk(capability, 0));
    return capability;
  }

  private static Pin pin(ReadCapability capability) {
    return new Pin("", "", capability, Pin.Scope.CONTENT);
  }

  private static MemorySegment room() {
    return MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
  }

  private boolean held(ReadCapability capability) {
    try {
      for (Reference reference : blocksOf(capability)) {
        if (!store.contains(reference)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Set<Reference> blocksOf(ReadCapability capability) throws IOException {
    Set<Reference> put = known.get(capability);
    return put == null ? walk(capability, 0) : put;
  }

  private Set<Reference> leavesOf(ReadCapability capability) throws IOException {
    Set<Reference> leaves = new HashSet<>(walk(capability, 0));
    leaves.removeAll(walk(capability, 1));
    return leaves;
  }

  private Set<Reference> walk(ReadCapability capability, int leastLevel) throws IOException {
    Set<Reference> blocks = new HashSet<>();
    TreeWalk.walkNodes(
        store,
        capability,
        new TreeWalk.Visitor() {
          @Override
          public void block(Reference reference, int level) {
            if (level >= leastLevel) {
              blocks.add(reference);
            }
          }
        });
    return blocks;
  }
}
