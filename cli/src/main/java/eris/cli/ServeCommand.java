package eris.cli;

import eris.server.Daemon;
import eris.server.config.DaemonSettings;
import eris.server.config.ServerLog.Level;
import eris.store.BlockStore;
import eris.stores.MalformedStoreUrl;
import eris.stores.StoreUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `eris serve`.
@Command(
    name = "serve",
    description = "Serve a store to others.",
    footer =
        "%nPrints where it listens once it does. SIGTERM and SIGINT end it when the requests under way "
            + "are answered, within 5 seconds; SIGHUP reads the settings anew. What is not an option can "
            + "be set in the environment ($ERIS_HTTP) or in a file of lines key = value (http = "
            + "127.0.0.1:8080); keys: store, http, https, tls-certificate, tls-key, tls-client-ca, coap, "
            + "coap-tcp, coaps, coaps-keys, coap-echo, put, content, console, access-log, "
            + "access-log-file, hosts, access, cache, connections, event-loops.")
final class ServeCommand extends ErisCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Mixin StoreOptions storage = new StoreOptions();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A file of settings, for what is not set otherwise.")
  Optional<Path> config = Optional.empty();

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = "Where to listen for HTTP; port 0 is any. Default: 127.0.0.1:8080.")
  Optional<String> http = Optional.empty();

  @Option(
      names = "--https",
      paramLabel = "HOST:PORT",
      description = "Where to listen for HTTP over TLS, if at all.")
  Optional<String> https = Optional.empty();

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "The certificates for --https, from the daemon's own on, in PEM.")
  Optional<String> tlsCertificate = Optional.empty();

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The key of the certificate, in PEM (PKCS #8).")
  Optional<String> tlsKey = Optional.empty();

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = {
        "Who certifies clients, in PEM. A client that shows such a certificate is the account that its",
        "common name (CN) names, and may put and sync."
      })
  Optional<String> tlsClientCa = Optional.empty();

  @Option(
      names = "--coap",
      paramLabel = "HOST:PORT",
      description = "Where to listen for CoAP over UDP, if at all; its usual port is 5683.")
  Optional<String> coap = Optional.empty();

  @Option(
      names = "--coap-tcp",
      paramLabel = "HOST:PORT",
      description = "Where to listen for CoAP over TCP, if at all; its usual port is 5683.")
  Optional<String> coapTcp = Optional.empty();

  @Option(
      names = "--coaps",
      paramLabel = "HOST:PORT",
      description = "Where to listen for CoAP over DTLS, if at all; its usual port is 5684.")
  Optional<String> coaps = Optional.empty();

  @Option(
      names = "--coaps-keys",
      paramLabel = "FILE",
      description = "The keys of clients over DTLS, in lines NAME:HEXADECIMAL.")
  Optional<String> coapsKeys = Optional.empty();

  @Option(
      names = "--coap-echo",
      paramLabel = "auto|on|off",
      description = {
        "Whether clients over UDP must show (by Echo) that their address is theirs before they get",
        "blocks. Default: auto, all but those on this machine."
      })
  Optional<String> coapEcho = Optional.empty();

  @Option(
      names = "--put",
      paramLabel = "on|token|off",
      description =
          "Whether blocks are taken. on: from this machine, from others with a token (eris token); "
              + "token: only with one, as behind a proxy. Default: on at loopback addresses, off elsewhere.")
  Optional<String> put = Optional.empty();

  @Option(
      names = "--content",
      paramLabel = "on|public|off",
      description = {
        "Whether whoever asks with a capability gets content decoded. on: on this machine; public: from",
        "anywhere, so that capabilities cross the network. Default: off."
      })
  Optional<String> content = Optional.empty();

  @Option(
      names = "--access-log",
      paramLabel = "off|text|json",
      description = "Whether each request has its line in the log, and how it looks. Default: off.")
  Optional<String> accessLog = Optional.empty();

  @Option(
      names = "--console",
      paramLabel = "on|off",
      description =
          "Whether there is a page at / that shows the state of the daemon, and puts and gets content in "
              + "the browser. Default: off.")
  Optional<String> console = Optional.empty();

  @Override
  void run(Io io) throws Exception {
    ServeConfig settings = settings(io);
    Signals signals = Signals.caught();
    Optional<List<StoreUrl>> named = stores(settings);
    try (var log = new ServeLog(io, common.json, AccessLogSettings.of(settings));
        var manager = ServiceManager.of(io, ProcessHandle.current().pid());
        DaemonSocket socket =
            DaemonSocket.choose(io, new Stores(io, common.quiet).takingBlocks(named));
        BlockStore store = Stores.ofDaemon(io, common.quiet, socket.path()).openToServe(named);
        var daemon = new Daemon(store, ServeSettings.of(settings, io, manager.listener()), log)) {
      listen(daemon, socket, log);
      print(io, daemon);
      String status = "Serving at " + String.join(" ", urls(daemon).values());
      manager.watch(() -> daemon.isAlive(PATIENCE));
      manager.ready(status);
      while (signals.next() == Signals.Wish.RELOAD) {
        manager.reloading();
        reload(daemon, settings, manager.listener(), io, log);
        manager.ready(status);
      }
      manager.stopping();
      log.write(Level.INFO, "stopping", Map.of());
    }
  }

  /// Without a socket, others of this user wait for the store as for that of any writer.
  private static void listen(Daemon daemon, DaemonSocket socket, ServeLog log) {
    if (socket.path().isPresent()) {
      try {
        daemon.listenForOwner(socket.path().get());
      } catch (IOException e) {
        log.failure("no-socket", e);
      }
    }
  }

  private ServeConfig settings(Io io) throws IOException, Failure {
    Map<ServeKey, String> options = new EnumMap<>(ServeKey.class);
    http.ifPresent(value -> options.put(ServeKey.HTTP, value));
    https.ifPresent(value -> options.put(ServeKey.HTTPS, value));
    tlsCertificate.ifPresent(value -> options.put(ServeKey.TLS_CERTIFICATE, value));
    tlsKey.ifPresent(value -> options.put(ServeKey.TLS_KEY, value));
    tlsClientCa.ifPresent(value -> options.put(ServeKey.TLS_CLIENT_CA, value));
    coap.ifPresent(value -> options.put(ServeKey.COAP, value));
    coapTcp.ifPresent(value -> options.put(ServeKey.COAP_TCP, value));
    coaps.ifPresent(value -> options.put(ServeKey.COAPS, value));
    coapsKeys.ifPresent(value -> options.put(ServeKey.COAPS_KEYS, value));
    coapEcho.ifPresent(value -> options.put(ServeKey.COAP_ECHO, value));
    put.ifPresent(value -> options.put(ServeKey.PUT, value));
    content.ifPresent(value -> options.put(ServeKey.CONTENT, value));
    console.ifPresent(value -> options.put(ServeKey.CONSOLE, value));
    accessLog.ifPresent(value -> options.put(ServeKey.ACCESS_LOG, value));
    return new ServeConfig(options, io, config);
  }

  private Optional<List<StoreUrl>> stores(ServeConfig settings) throws MalformedStoreUrl {
    if (!storage.urls.isEmpty()) {
      return storage.named();
    }
    Optional<ServeConfig.Setting> set = settings.get(ServeKey.STORE);
    return set.isEmpty() ? Optional.empty() : Optional.of(StoreUrl.parseList(set.get().value()));
  }

  /// Settings that are wrong in part are not applied at all.
  ///
  /// @param first those that the daemon began with: some of them hold until it ends
  private void reload(
      Daemon daemon, ServeConfig first, Optional<Integer> listener, Io io, ServeLog log) {
    try {
      ServeConfig next = settings(io);
      DaemonSettings checked = ServeSettings.of(next, io, listener);
      Runnable logging = log.opened(AccessLogSettings.of(next));
      daemon.apply(checked);
      logging.run();
      log.write(Level.INFO, "reloaded", Map.of());
      List<String> waiting =
          next.differences(first).stream()
              .filter(ServeKey::needsRestart)
              .map(ServeKey::inFile)
              .toList();
      if (!waiting.isEmpty()) {
        log.write(Level.WARNING, "restart-needed", Map.of("changed", String.join(", ", waiting)));
      }
    } catch (IOException | Failure e) {
      String line = Redaction.of(Failures.of(e).line());
      log.write(Level.ERROR, "reload-failed", Map.of("failure", line));
    }
  }

  private void print(Io io, Daemon daemon) throws IOException {
    Map<String, String> urls = urls(daemon);
    if (common.json) {
      io.println(Json.line(new LinkedHashMap<>(urls)));
      return;
    }
    for (String url : urls.values()) {
      io.println(url);
    }
  }

  /// Where it listens, by scheme.
  private static SequencedMap<String, String> urls(Daemon daemon) {
    SequencedMap<String, String> urls = new LinkedHashMap<>();
    urls.put("http", url("http", daemon.httpAddress()));
    daemon.httpsAddress().ifPresent(address -> urls.put("https", url("https", address)));
    daemon.coapUrls().forEach(url -> urls.put(url.getScheme(), url.toString()));
    return urls;
  }

  private static String url(String scheme, InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return "%s://%s:%d"
        .formatted(scheme, host.contains(":") ? "[" + host + "]" : host, address.getPort());
  }
}
