package eris.server.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Cuts the connections of one event loop that keep it waiting. One look at all of them each second
/// is cheaper than a timer for each request.
final class Deadlines {
  private final Set<Connection> connections = new HashSet<>(); // of the event loop alone
  private final Future<?> task;

  Deadlines(EventLoop loop) {
    task = loop.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  void add(Connection connection) {
    connections.add(connection);
  }

  void remove(Connection connection) {
    connections.remove(connection);
  }

  private void look() {
    long now = System.nanoTime();
    for (Connection connection : new ArrayList<>(connections)) { // closing removes
      connection.cutIfLate(now);
    }
  }

  void stop() {
    task.cancel(false);
  }
}
