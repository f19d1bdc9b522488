package eris.testkit;

import eris.BlockSize;
import eris.Reference;
import eris.retention.Collector;
import eris.retention.LiveSet;
import eris.retention.Promises;
import eris.retention.Verdict;
import eris.stores.Pace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/// Some clients and a collector at work on one store, in an order that a seed decides: between any
/// two steps of the collector there may be steps of the clients, in the middle of a client's
/// publication there may be a whole pass, and anywhere the process may die.
///
/// At each block that is removed, and at the end, it is checked that nobody has lost anything.
final class CollectionRace {
  static final List<SampleBlock> BLOCKS = SampleBlock.list(BlockSize.KIB_1, 6);
  private static final int CLIENTS = 2;
  private static final int ROUNDS = 20;

  private final SplittableRandom random;
  private final List<RacingClient> clients = new ArrayList<>();
  private MemoryCollectableStore store = new MemoryCollectableStore();
  private Promises promises = new Promises(store);
  private boolean collecting;
  private int stepsInPass;
  long passes; // in which a client did something
  long steps; // of clients, during passes
  long crashes;
  long removed;

  /// The process is killed.
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;

    Crash() {
      super(null, null, false, false);
    }
  }

  CollectionRace(long seed) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new RacingClient(this, random));
    }
  }

  void run() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      try {
        int choice = random.nextInt(12);
        if (choice == 0) {
          clients.forEach(RacingClient::close);
        } else if (choice < 5) {
          clientStep();
        } else {
          pass();
        }
      } catch (Crash _) {
        restart();
      }
      requirePublished();
    }
    rest();
  }

  MemoryCollectableStore store() {
    return store;
  }

  Promises promises() {
    return promises;
  }

  private void clientStep() throws IOException {
    clients.get(random.nextInt(CLIENTS)).step();
  }

  /// Somebody else's turn.
  void turn() throws IOException {
    if (random.nextInt(200) == 0) {
      throw new Crash();
    }
    if (random.nextInt(4) == 0) {
      clientStep();
      steps++;
      stepsInPass++;
    }
  }

  /// In the midst of a client's work, another thread collects, perhaps more than once.
  void maybePasses() throws IOException {
    if (!collecting) {
      for (int n = random.nextInt(4); n > 0; n--) {
        pass();
      }
    }
  }

  void maybeCrash() {
    if (random.nextInt(20) == 0) {
      throw new Crash();
    }
  }

  private void pass() throws IOException {
    stepsInPass = 0;
    collecting = true;
    try {
      var between = new InterleavedStore(store, this::turn, this::requireUnwanted);
      collect(new Collector(between, promises, this::published, Pace.unlimited()));
    } finally {
      collecting = false;
      passes += stepsInPass > 0 ? 1 : 0;
    }
  }

  private void collect(Collector collector) throws IOException {
    try {
      Collector.Pass pass = collector.begin();
      if (random.nextBoolean()) {
        pass.survey(_ -> {});
      }
      removed += pass.run(_ -> {}).of(Verdict.FREE).blocks();
    } catch (Collector.RefusedException _) {
      // nobody has published anything yet
    }
  }

  private List<LiveSet> published() throws IOException {
    turn();
    List<LiveSet> sets = new ArrayList<>();
    for (RacingClient client : clients) {
      client.published().ifPresent(set -> sets.add(new ListedSet(new TreeSet<>(set))));
    }
    for (int n = random.nextInt(12); n > 0; n--) {
      turn();
    }
    return sets;
  }

  /// Called at the moment when a block has been removed.
  private void requireUnwanted(Reference reference) {
    for (RacingClient client : clients) {
      if (client.promised().contains(reference)
          || client.published().stream().anyMatch(set -> set.contains(reference))) {
        throw new AssertionError("removed a block that is wanted");
      }
    }
  }

  private void requirePublished() {
    for (RacingClient client : clients) {
      for (Reference reference : client.published().orElse(Set.of())) {
        if (!store.hasBytes(reference)) {
          throw new AssertionError("lost a block that is published");
        }
      }
    }
  }

  private void restart() {
    crashes++;
    store = store.crash(random);
    promises = new Promises(store);
    clients.forEach(RacingClient::forget);
  }

  /// When all is quiet, two passes leave just what is wanted.
  private void rest() throws IOException {
    clients.forEach(RacingClient::close);
    Set<Reference> wanted = new TreeSet<>();
    for (RacingClient client : clients) {
      client.published().ifPresent(wanted::addAll);
    }
    List<LiveSet> live = List.of(new ListedSet(new TreeSet<>(wanted)));
    for (int i = 0; i < 2; i++) {
      new Collector(store, promises, () -> live, Pace.unlimited()).begin().run(_ -> {});
    }
    for (SampleBlock block : BLOCKS) {
      boolean isWanted = wanted.contains(block.reference());
      if (store.contains(block.reference()) != isWanted
          || store.hasBytes(block.reference()) != isWanted) {
        throw new AssertionError("at rest a block is not as it is wanted");
      }
    }
  }
}
