package eris.stores;

import eris.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;

/// Group commit: callers that arrive while a flush runs share the next one, so the number of flushes
/// does not grow with the number of callers.
///
/// After a failed flush nothing is known about what reached the disk, and asking again would lie:
/// every later call fails too. A full disk is no such failure: whoever waits tries for himself.
final class GroupSync {
  private final Flush flush;
  private final Object lock = new Object(); // guards the fields below
  private long begun;
  private long done;
  private boolean running;
  private boolean failed;

  private enum Outcome {
    DURABLE,
    FULL,
    UNKNOWN
  }

  @FunctionalInterface
  interface Flush {
    /// @throws StoreException.Full if nothing is durable yet, but may be after another try
    void run() throws IOException;
  }

  GroupSync(Flush flush) {
    this.flush = flush;
  }

  /// Returns once a flush that began after this call has ended.
  void sync() throws IOException {
    synchronized (lock) {
      long wanted = begun + 1;
      awaitFlush(wanted);
      requireSound();
      if (done >= wanted) {
        return;
      }
      running = true;
      begun++;
    }
    Outcome outcome = Outcome.UNKNOWN;
    try {
      flush.run();
      outcome = Outcome.DURABLE;
    } catch (StoreException.Full e) {
      outcome = Outcome.FULL;
      throw e;
    } finally {
      end(outcome);
    }
  }

  private void end(Outcome outcome) {
    synchronized (lock) {
      running = false;
      failed |= outcome == Outcome.UNKNOWN;
      done = outcome == Outcome.DURABLE ? begun : done;
      lock.notifyAll();
    }
  }

  /// Takes note that a flush failed of which this knows nothing.
  void fail() {
    synchronized (lock) {
      failed = true;
    }
  }

  /// @throws IOException if a flush has failed
  void requireSound() throws IOException {
    synchronized (lock) {
      if (failed) {
        throw new IOException("an earlier flush failed: what the disk holds is unknown");
      }
    }
  }

  private void awaitFlush(long wanted) throws IOException {
    synchronized (lock) {
      try {
        while (running && done < wanted) {
          lock.wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for a flush");
      }
    }
  }
}
