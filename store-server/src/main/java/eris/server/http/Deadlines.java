package eris.server.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Cuts the clients of one event loop that keep it waiting. One look at all of them each second
/// is cheaper than a timer for each request.
final class Deadlines {
  private final Set<Client> clients = new HashSet<>(); // of the event loop alone
  private final Future<?> task;

  Deadlines(EventLoop loop) {
    task = loop.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  void add(Client client) {
    clients.add(client);
  }

  void remove(Client client) {
    clients.remove(client);
  }

  private void look() {
    long now = System.nanoTime();
    for (Client client : new ArrayList<>(clients)) { // closing removes
      client.cutIfLate(now);
    }
  }

  void stop() {
    task.cancel(false);
  }
}
