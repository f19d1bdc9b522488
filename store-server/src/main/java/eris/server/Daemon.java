package eris.server;

import eris.server.blocks.BlockService;
import eris.server.coap.CoapDoors;
import eris.server.config.DaemonSettings;
import eris.server.config.ServerLog;
import eris.server.http.HttpDoor;
import eris.store.BlockStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/// Serves a store, by one door for each protocol, until it is closed.
public final class Daemon implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final BlockService blocks;
  private final HttpDoor http;
  private final CoapDoors coap;

  /// Begins to serve.
  ///
  /// @param store that stays the caller's to close, after this
  /// @throws IOException if an address cannot be had
  public Daemon(BlockStore store, DaemonSettings settings, ServerLog log) throws IOException {
    blocks = new BlockService(store, settings.store());
    try {
      http = new HttpDoor(settings.http(), blocks, log);
    } catch (IOException e) {
      blocks.close();
      throw e;
    }
    try {
      coap = CoapDoors.open(settings.coap(), blocks);
    } catch (IOException e) {
      http.close(PATIENCE);
      blocks.close();
      throw e;
    }
  }

  /// Where it listens for HTTP.
  public InetSocketAddress httpAddress() {
    return http.address();
  }

  /// Where it listens for CoAP.
  public List<URI> coapUrls() {
    return coap.urls();
  }

  /// Goes on by other settings. Addresses, threads and the store stay as they are.
  public void apply(DaemonSettings settings) {
    http.apply(settings.http());
  }

  /// Takes nothing more, finishes what is under way, within 5 seconds.
  @Override
  public void close() {
    coap.close();
    http.close(PATIENCE);
    blocks.close();
  }
}
