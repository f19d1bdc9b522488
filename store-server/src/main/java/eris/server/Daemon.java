package eris.server;

import eris.server.access.Budgets;
import eris.server.access.Gate;
import eris.server.access.UsageFile;
import eris.server.blocks.BlockService;
import eris.server.blocks.RequestLog;
import eris.server.coap.CoapDoors;
import eris.server.config.DaemonSettings;
import eris.server.config.DaemonSettings.Requests;
import eris.server.config.ServerLog;
import eris.server.http.HttpDoor;
import eris.store.BlockStore;
import eris.stores.Clock;
import eris.stores.WholeFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Serves a store, by one door for each protocol, until it is closed.
public final class Daemon implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ServerLog log;
  private final Budgets budgets;
  private final Gate gate;
  private final RequestLog requests;
  private final BlockService blocks;
  private final HttpDoor http;
  private final CoapDoors coap;

  /// Begins to serve.
  ///
  /// @param store that stays the caller's to close, after this
  /// @throws IOException if an address cannot be had, or nobody knows what accounts have put
  public Daemon(BlockStore store, DaemonSettings settings, ServerLog log) throws IOException {
    this.log = log;
    budgets =
        new Budgets(new UsageFile(WholeFile.ofOwner(settings.access().usage())), Clock.SYSTEM);
    gate = new Gate(settings.access().list(), budgets);
    requests = new RequestLog(log);
    requests.turn(settings.requests() == Requests.LOGGED);
    blocks = new BlockService(store, settings.store(), requests);
    try {
      http = new HttpDoor(settings.http(), blocks, gate, log);
    } catch (IOException e) {
      blocks.close();
      requests.close();
      throw e;
    }
    try {
      coap = CoapDoors.open(settings.coap(), blocks);
    } catch (IOException e) {
      http.close(PATIENCE);
      blocks.close();
      requests.close();
      throw e;
    }
  }

  /// Listens for the owner of the store as well, who may put and sync whatever others may.
  ///
  /// @param socket in a directory that is the owner's alone; nothing is there yet
  /// @throws IOException if that cannot be had
  public void listenForOwner(Path socket) throws IOException {
    http.listenForOwner(socket);
  }

  /// Where it listens for HTTP.
  public InetSocketAddress httpAddress() {
    return http.address();
  }

  /// Where it listens for HTTP over TLS, if it does.
  public Optional<InetSocketAddress> httpsAddress() {
    return http.tlsAddress();
  }

  /// Where it listens for CoAP.
  public List<URI> coapUrls() {
    return coap.urls();
  }

  /// Where a socket listens that somebody else has opened.
  ///
  /// @throws IOException if it does not
  public static InetSocketAddress addressOf(int descriptor) throws IOException {
    return HttpDoor.addressOf(descriptor);
  }

  /// Whether it does something within `patience`, whatever the store does.
  public boolean isAlive(Duration patience) {
    return http.isAlive(patience);
  }

  /// Goes on by other settings. Addresses, threads and the store stay as they are.
  ///
  /// @throws IOException if a file of TLS is no good: then nothing has changed
  public void apply(DaemonSettings settings) throws IOException {
    http.apply(settings.http());
    requests.turn(settings.requests() == Requests.LOGGED);
    coap.apply(settings.coap());
    gate.apply(settings.access().list());
  }

  /// Takes nothing more, finishes what is under way, within 5 seconds.
  @Override
  public void close() {
    coap.close();
    http.close(PATIENCE);
    blocks.close();
    requests.close();
    try {
      budgets.close();
    } catch (IOException e) {
      log.failure("usage-not-written", e); // what was written ahead counts
    }
  }
}
