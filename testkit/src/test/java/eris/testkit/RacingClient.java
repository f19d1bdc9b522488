package eris.testkit;

import eris.Reference;
import eris.retention.Push;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One account in a [CollectionRace]: pushes blocks, publishes which it wants, wants others or fewer
/// the next time.
final class RacingClient {
  private final CollectionRace race;
  private final SplittableRandom random;
  private Optional<Set<Reference>> published = Optional.empty();

  private @Nullable Push push;
  private List<SampleBlock> wanted = List.of();
  private final Deque<SampleBlock> toPush = new ArrayDeque<>();
  private final Deque<SampleBlock> toHold = new ArrayDeque<>();
  private final Set<Reference> promised = new HashSet<>(); // told to be there, or put and synced
  private final Set<Reference> unsynced = new HashSet<>();
  private boolean publishing;
  private boolean finished;

  RacingClient(CollectionRace race, SplittableRandom random) {
    this.race = race;
    this.random = random;
  }

  /// What the store has been told to keep; empty before the first time.
  Optional<Set<Reference>> published() {
    return published;
  }

  /// What an open push relies on.
  Set<Reference> promised() {
    return promised;
  }

  /// Does a little.
  void step() throws IOException {
    Push open = push;
    if (publishing) {
      return; // for one thread
    }
    if (open == null && random.nextInt(4) > 0) {
      return; // at rest
    }
    if (open == null) {
      begin();
    } else if (finished || random.nextInt(30) == 0) {
      close(); // also in the midst of it: the client is gone
    } else if (!unsynced.isEmpty() && random.nextInt(4) == 0) {
      sync();
    } else if (!toPush.isEmpty()) {
      pushOne(open, toPush.remove());
    } else if (!toHold.isEmpty()) {
      holdOne(open, toHold.remove());
    } else {
      publish(open);
    }
  }

  private void begin() {
    List<SampleBlock> shuffled = new ArrayList<>(CollectionRace.BLOCKS);
    Collections.shuffle(shuffled, new Random(random.nextLong()));
    wanted = shuffled.subList(0, random.nextInt(shuffled.size()));
    toPush.clear();
    toPush.addAll(random.nextInt(4) == 0 ? List.of() : wanted);
    toHold.clear();
    toHold.addAll(wanted);
    finished = false;
    push = new Push(race.store(), race.promises());
  }

  private void pushOne(Push open, SampleBlock block) throws IOException {
    if (open.has(block.reference())) {
      promised.add(block.reference());
    } else {
      put(block);
    }
  }

  private void holdOne(Push open, SampleBlock block) throws IOException {
    if (open.hold(block.reference())) {
      promised.add(block.reference());
    } else if (promised.contains(block.reference())) {
      throw new AssertionError("lost a block of an open push");
    } else {
      put(block);
    }
  }

  private void put(SampleBlock block) throws IOException {
    race.store().put(block.reference(), block.bytes());
    unsynced.add(block.reference());
  }

  private void sync() throws IOException {
    race.store().sync();
    promised.addAll(unsynced);
    unsynced.clear();
  }

  private void publish(Push open) throws IOException {
    publishing = true;
    open.finish(
        () -> {
          race.maybePasses();
          Set<Reference> references = new HashSet<>();
          wanted.forEach(block -> references.add(block.reference()));
          published = Optional.of(references);
          race.maybeCrash();
        });
    promised.addAll(unsynced);
    unsynced.clear();
    publishing = false;
    finished = true;
  }

  void close() {
    if (push != null) {
      push.close();
    }
    forget();
  }

  /// The process is gone, and its promises with it.
  void forget() {
    push = null;
    publishing = false;
    promised.clear();
    unsynced.clear();
  }
}
