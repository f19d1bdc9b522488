package eris.stores.coap;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// The source ports of a client. Each has its own message IDs, so another one is opened when those of
/// all the others are used up, and where that may not be, the wait is for the one that has some first.
final class Lanes implements Closeable {
  private final int max;
  private final Opener opener;
  private final Semaphore free;
  private final List<Lane> idle = new ArrayList<>(); // guarded by this; the last used one is last
  private int open; // guarded by this
  private boolean closed; // guarded by this

  /// Opens lanes to one server.
  @FunctionalInterface
  interface Opener {
    Lane open() throws IOException;
  }

  Lanes(int max, Opener opener) {
    this.max = max;
    this.opener = opener;
    free = new Semaphore(max, true);
  }

  /// A lane of one's own, until [#putBack] or [#discard].
  Lane take() throws IOException {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for other requests");
    }
    try {
      Optional<Lane> lane = takeIdle();
      return lane.isPresent() ? lane.get() : openAnother();
    } catch (IOException | RuntimeException e) {
      free.release();
      throw e;
    }
  }

  private synchronized Optional<Lane> takeIdle() throws IOException {
    if (closed) {
      throw new IOException("the client is closed");
    }
    Optional<Lane> ready =
        idle.reversed().stream().filter(lane -> !lane.untilReady().isPositive()).findFirst();
    Optional<Lane> chosen =
        ready.isPresent() || open < max
            ? ready
            : idle.stream().min(Comparator.comparing(Lane::untilReady));
    chosen.ifPresent(idle::remove);
    return chosen;
  }

  private Lane openAnother() throws IOException {
    Lane lane = opener.open();
    synchronized (this) {
      open++;
    }
    return lane;
  }

  void putBack(Lane lane) throws IOException {
    synchronized (this) {
      if (!closed) {
        idle.add(lane);
        free.release();
        return;
      }
    }
    discard(lane);
  }

  /// Ends a lane that did not work. What answers late then finds nobody.
  void discard(Lane lane) throws IOException {
    synchronized (this) {
      open--;
    }
    free.release();
    lane.close();
  }

  @Override
  public void close() throws IOException {
    List<Lane> unused;
    synchronized (this) {
      closed = true;
      unused = List.copyOf(idle);
      idle.clear();
    }
    for (Lane lane : unused) {
      lane.close();
    }
  }
}
