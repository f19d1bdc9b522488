package eris.stores;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockSource;
import eris.store.ScrubbableStore;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Verifies every copy of a store. One that is bad is fetched anew from another store, trusting
/// none, or is taken out of use.
///
/// The store is read without a writer's lock, and opened for writing only while bad copies are dealt
/// with: some seconds after they were found, and before the cursor passes them. So a scrub that is
/// killed goes on where it was and leaves out nothing.
public final class Scrub {
  private static final int MAX_BYTES_AT_A_TIME = 4 << 20;
  private static final int MAX_BAD = 1000;
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(5);

  private final ScrubbableStore store;
  private final Opener opener;
  private final List<Healer> healers;
  private final ScrubCursor cursor;
  private final Pace pace;
  private final Clock clock;
  private final Listener listener;
  private final int atATimeBytes; // between two pauses

  private final Deque<CorruptBlock> bad = new ArrayDeque<>();
  private long unpaidBytes;
  private long checkpointNanos;

  /// Opens the same store for writing.
  @FunctionalInterface
  public interface Opener {
    ScrubbableStore open() throws IOException;
  }

  /// Another store, and what messages call it.
  public record Healer(String name, BlockSource source) {}

  /// What became of a bad copy.
  public sealed interface Cure {
    /// Replaced by a sound one.
    record Healed(String from) implements Cure {}

    /// Out of use: the store does not hold the block.
    record SetAside() implements Cure {}

    /// Sound by now: somebody put it meanwhile.
    record Sound() implements Cure {}

    /// Still there, because the store could not be written to.
    record Left(StoreException reason) implements Cure {}
  }

  /// Told what happens, on the thread that scrubs.
  public interface Listener {
    void sound(BlockSize size);

    /// @param place where the copy was, for a person to read
    void corrupt(CorruptBlock corrupt, String place, Cure cure) throws IOException;

    /// A healer gave no sound copy, and this is why.
    void healerFailed(Healer healer, IOException failure);
  }

  public Scrub(
      ScrubbableStore store,
      Opener opener,
      List<Healer> healers,
      ScrubCursor cursor,
      Pace pace,
      Clock clock,
      Listener listener) {
    this.store = store;
    this.opener = opener;
    this.healers = List.copyOf(healers);
    this.cursor = cursor;
    this.pace = pace;
    this.clock = clock;
    this.listener = listener;
    this.atATimeBytes = (int) Math.min(MAX_BYTES_AT_A_TIME, pace.bytesPerSecond());
  }

  /// Verifies what an earlier scrub, if one was interrupted, left to do, or else all.
  ///
  /// @return whether it went on where an earlier one was interrupted
  public boolean run() throws IOException {
    checkpointNanos = clock.nanoTime();
    boolean resumed = CopyScan.of(store, atATimeBytes).run(cursor.read(), visitor());
    cure();
    cursor.delete();
    return resumed;
  }

  private CopyScan.Visitor visitor() {
    return new CopyScan.Visitor() {
      @Override
      public void sound(BlockSize size) throws IOException {
        listener.sound(size);
        spend(size.bytes());
      }

      @Override
      public void corrupt(CorruptBlock corrupt) throws IOException {
        bad.add(corrupt);
        if (bad.size() >= MAX_BAD) {
          cure();
        }
        spend(BlockSize.MAX_BYTES);
      }

      @Override
      public void visitedTo(String position) throws IOException {
        checkpoint(position);
      }
    };
  }

  private void spend(int bytes) throws IOException {
    unpaidBytes += bytes;
    if (unpaidBytes >= atATimeBytes) {
      pace.spend(unpaidBytes);
      unpaidBytes = 0;
    }
  }

  private void checkpoint(String position) throws IOException {
    long now = clock.nanoTime();
    if (now - checkpointNanos >= CHECKPOINT_INTERVAL.toNanos()) {
      cure();
      cursor.write(position);
      checkpointNanos = now;
    }
  }

  private void cure() throws IOException {
    if (bad.isEmpty()) {
      return;
    }
    try (ScrubbableStore writable = opener.open()) {
      cure(writable);
    } catch (StoreException e) {
      while (!bad.isEmpty()) {
        tellFirst(new Cure.Left(e));
      }
    }
  }

  /// Heals all first: one flush serves them together. Then each is looked at again, on the disk.
  private void cure(ScrubbableStore writable) throws IOException {
    Map<Reference, String> donors = new HashMap<>();
    for (CorruptBlock patient : bad) {
      heal(patient.reference(), writable, donors);
    }
    writable.sync();
    while (!bad.isEmpty()) {
      Reference reference = bad.getFirst().reference();
      writable.setAside(reference);
      String donor = donors.get(reference);
      if (!writable.contains(reference)) {
        tellFirst(new Cure.SetAside());
      } else {
        tellFirst(donor == null ? new Cure.Sound() : new Cure.Healed(donor));
      }
    }
  }

  /// Puts a sound copy of the block, if one of the healers has it.
  private void heal(Reference reference, ScrubbableStore writable, Map<Reference, String> donors)
      throws IOException {
    for (Healer healer : healers) {
      Optional<MemorySegment> block = ask(healer, reference);
      if (block.isPresent()) {
        writable.put(reference, block.get());
        donors.put(reference, healer.name());
        return;
      }
    }
  }

  private Optional<MemorySegment> ask(Healer healer, Reference reference) {
    MemorySegment target = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    try {
      return new VerifiedSource(healer.source()).get(reference, target);
    } catch (IOException e) {
      listener.healerFailed(healer, e);
      return Optional.empty();
    }
  }

  private void tellFirst(Cure cure) throws IOException {
    CorruptBlock corrupt = bad.removeFirst();
    listener.corrupt(corrupt, store.placeOf(corrupt.reference()), cure);
  }
}
