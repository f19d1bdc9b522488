package eris.server;

import eris.server.access.Budgets;
import eris.server.access.Gate;
import eris.server.access.UsageFile;
import eris.server.blocks.BlockService;
import eris.server.config.DaemonSettings;
import eris.server.config.ServerLog;
import eris.server.http.HttpDoor;
import eris.store.BlockStore;
import eris.stores.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Serves a store, by one door for each protocol, until it is closed.
public final class Daemon implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Budgets budgets;
  private final Gate gate;
  private final BlockService blocks;
  private final HttpDoor http;

  /// Begins to serve.
  ///
  /// @param store that stays the caller's to close, after this
  /// @throws IOException if an address cannot be had, or nobody knows what accounts have put
  public Daemon(BlockStore store, DaemonSettings settings, ServerLog log) throws IOException {
    budgets = new Budgets(new UsageFile(settings.access().usage()), Clock.SYSTEM);
    gate = new Gate(settings.access().list(), budgets);
    blocks = new BlockService(store, settings.store());
    try {
      http = new HttpDoor(settings.http(), blocks, gate, log);
    } catch (IOException e) {
      blocks.close();
      throw e;
    }
  }

  /// Where it listens for HTTP.
  public InetSocketAddress httpAddress() {
    return http.address();
  }

  /// Goes on by other settings. Addresses, threads and the store stay as they are.
  public void apply(DaemonSettings settings) {
    gate.apply(settings.access().list());
    http.apply(settings.http());
  }

  /// Takes nothing more, finishes what is under way, within 5 seconds.
  @Override
  public void close() throws IOException {
    http.close(PATIENCE);
    blocks.close();
    budgets.close();
  }
}
