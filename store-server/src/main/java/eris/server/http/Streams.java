package eris.server.http;

import eris.server.config.HttpSettings.StreamLimits;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What goes on for longer than a request does: a bounded number of it, each on a thread of its own,
/// which may block. Half of the places are for those who are known.
final class Streams implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("eris-stream-", 0).factory());
  private final Set<Incoming> open = new HashSet<>(); // guarded by this
  private boolean closing; // guarded by this

  /// Runs `work` unless there is too much of it.
  ///
  /// @param in what `work` reads, which is closed after it
  /// @return whether it does
  synchronized boolean execute(Caller caller, StreamLimits limits, Incoming in, Runnable work) {
    int most =
        switch (caller) {
          case OWNER -> 2 * limits.most();
          case KNOWN -> limits.most();
          case STRANGER -> limits.most() / 2;
        };
    if (closing || open.size() >= most) {
      return false;
    }
    open.add(in);
    threads.execute(
        () -> {
          try (in) {
            work.run();
          } finally {
            remove(in);
          }
        });
    return true;
  }

  /// How much is under way.
  synchronized int count() {
    return open.size();
  }

  /// Who wants it.
  enum Caller {
    /// Of the store: others cannot keep them out.
    OWNER,
    /// At this machine, or with a token.
    KNOWN,
    STRANGER
  }

  private synchronized void remove(Incoming in) {
    open.remove(in);
  }

  /// Takes nothing more, and lets what is under way end where it next reads.
  @Override
  public synchronized void close() {
    closing = true;
    open.forEach(in -> in.fail(new IOException("the daemon ends")));
    threads.shutdown();
  }
}
