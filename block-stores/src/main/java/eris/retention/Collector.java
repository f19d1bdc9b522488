package eris.retention;

import eris.BlockSize;
import eris.Reference;
import eris.store.CollectableStore;
import eris.store.Retention;
import eris.stores.Pace;
import java.io.IOException;
import java.util.List;

/// Collects garbage: what is in no live set goes to the trash, and what a pass found there already,
/// still in no live set, is removed.
///
/// Why nothing that is wanted gets lost while others write. Call *horizon* the sequence of the oldest
/// open promise, or without one the store's own, when a pass begins.
///
/// - The horizon is taken before the live sets are read. So whoever published before it is seen, and
///   whoever publishes later has a promise that is not older than the horizon, in this pass and in
///   each that begins before it ends.
/// - Such a one was told of a block that the store has it: then the block was not in the trash.
///   Should a pass move it there, because nobody wanted it yet, it has been there since the promise
///   or later, and no pass removes it until the promise ends. By then it is in a live set, and the
///   next pass takes it out of the trash. All the time it can be read.
/// - Of a block in the trash the store says that it has none: who wants it puts it or restores it,
///   which takes it out of the trash, and removing it fails.
///
/// There is no clock in this: only what came before what.
public final class Collector {
  private static final int PACE_BYTES = 1 << 20;

  private final CollectableStore store;
  private final Promises promises;
  private final LiveSets liveSets;
  private final Pace pace;

  /// @param promises all that are made for this store
  /// @param pace of the blocks that go
  public Collector(CollectableStore store, Promises promises, LiveSets liveSets, Pace pace) {
    this.store = store;
    this.promises = promises;
    this.liveSets = liveSets;
    this.pace = pace;
  }

  /// Why a store is not collected.
  public static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String reason) {
      super(reason);
    }
  }

  /// Begins a pass: decides from here on what is garbage.
  ///
  /// @throws RefusedException if the store keeps everything, or nothing says what to keep
  /// @throws DamagedLiveSet if what says so is damaged
  public Pass begin() throws IOException {
    if (store.retention().mode() != Retention.Mode.LEASED) {
      throw new RefusedException(
          "the store is %s: nothing is collected"
              .formatted(
                  store.retention().mode() == Retention.Mode.CACHE ? "a cache" : "an archive"));
    }
    store.sync(); // now what came before has a lower sequence
    long horizon = promises.oldest();
    List<LiveSet> live = liveSets.current();
    if (live.isEmpty()) {
      throw new RefusedException("no live set: nothing says what to keep");
    }
    return new Pass(horizon, live);
  }

  /// Told of every block that was looked at.
  @FunctionalInterface
  public interface Listener {
    void visited(BlockSize size);
  }

  /// What happens to a block, in the end.
  @FunctionalInterface
  private interface Action {
    Verdict apply(Verdict verdict, Reference reference, BlockSize size) throws IOException;
  }

  /// One pass over a store; single use, but for [#survey].
  public final class Pass {
    private final long horizon;
    private final List<LiveSet> live;
    private long unpacedBytes;

    private Pass(long horizon, List<LiveSet> live) {
      this.horizon = horizon;
      this.live = live;
    }

    /// What [#run] would do, as far as is known now.
    public Tally survey(Listener listener) throws IOException {
      return join((verdict, _, _) -> verdict, listener);
    }

    /// Collects. What is done is durable when this returns.
    public Tally run(Listener listener) throws IOException {
      Tally tally = join(this::act, listener);
      store.sync();
      return tally;
    }

    /// Goes through the store and the live sets side by side.
    private Tally join(Action action, Listener listener) throws IOException {
      var tally = new Tally();
      try (var wanted = new Wanted(MergedReferences.open(live), tally)) {
        store.forEachDated(
            Reference.LEAST,
            (reference, size, sequence, inTrash) -> {
              Verdict verdict = Verdict.of(wanted.contains(reference), inTrash, sequence, horizon);
              tally.add(action.apply(verdict, reference, size), size.bytes());
              listener.visited(size);
            });
        wanted.finish();
      }
      return tally;
    }

    /// Does what was decided, unless the block was put or restored in the meantime: the store looks
    /// at its sequence once more.
    private Verdict act(Verdict verdict, Reference reference, BlockSize size) throws IOException {
      return switch (verdict) {
        case KEEP, SPARE, WAIT -> verdict;
        case RESTORE -> store.restore(reference) ? verdict : Verdict.KEEP;
        case TRASH -> {
          spend(size);
          yield store.moveToTrash(reference, horizon) ? verdict : Verdict.SPARE;
        }
        case FREE -> {
          spend(size);
          yield store.free(reference, horizon) ? verdict : Verdict.SPARE;
        }
      };
    }

    private void spend(BlockSize size) throws IOException {
      unpacedBytes += size.bytes();
      if (unpacedBytes >= Math.min(PACE_BYTES, pace.bytesPerSecond())) {
        pace.spend(unpacedBytes);
        unpacedBytes = 0;
      }
    }
  }

  /// The union of all live sets, asked for ascending references.
  private static final class Wanted implements AutoCloseable {
    private final ReferenceCursor cursor;
    private final Tally tally;
    private boolean more;

    Wanted(ReferenceCursor cursor, Tally tally) throws IOException {
      this.cursor = cursor;
      this.tally = tally;
      this.more = cursor.advance();
    }

    boolean contains(Reference reference) throws IOException {
      while (more && cursor.reference().compareTo(reference) < 0) {
        tally.addMissing();
        more = cursor.advance();
      }
      boolean wanted = more && cursor.reference().equals(reference);
      if (wanted) {
        more = cursor.advance();
      }
      return wanted;
    }

    void finish() throws IOException {
      while (more) {
        tally.addMissing();
        more = cursor.advance();
      }
    }

    @Override
    public void close() throws IOException {
      cursor.close();
    }
  }
}
