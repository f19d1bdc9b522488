package eris.stores.coap;

import eris.stores.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Time does not pass, and pauses take none.
final class PausedClock implements Clock {
  final List<Duration> pauses = new CopyOnWriteArrayList<>();

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public void pause(Duration duration) {
    pauses.add(duration);
  }
}
