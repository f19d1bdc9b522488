package eris.retention;

import eris.store.CollectableStore;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What the process that writes to a store has promised to keep for now: nothing that was in the
/// store at the sequence of an open promise, or came later, is removed for good.
///
/// Kept in memory, for a promise is made to somebody at work, and ends with the process. One object
/// for each open store, safe for concurrent use.
public final class Promises {
  private final CollectableStore store;
  private final NavigableMap<Long, Integer> counts = new TreeMap<>(); // of those open, by sequence

  public Promises(CollectableStore store) {
    this.store = store;
  }

  /// A promise from now on, until it is closed.
  public synchronized Promise open() {
    long sequence = store.sequence();
    counts.merge(sequence, 1, Integer::sum);
    return new Promise(sequence);
  }

  /// The sequence of the oldest open promise; if there is none, the store's: what happened before it
  /// nobody was promised.
  public synchronized long oldest() {
    return counts.isEmpty() ? store.sequence() : counts.firstKey();
  }

  private synchronized void end(long sequence) {
    counts.computeIfPresent(sequence, (_, count) -> count == 1 ? null : count - 1);
  }

  /// One promise.
  public final class Promise implements AutoCloseable {
    private final long sequence;
    private boolean closed;

    private Promise(long sequence) {
      this.sequence = sequence;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        end(sequence);
      }
    }
  }
}
