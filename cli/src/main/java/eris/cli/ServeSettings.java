package eris.cli;

import eris.cli.ServeConfig.Setting;
import eris.server.Daemon;
import eris.server.access.AccessFile;
import eris.server.config.AccessSettings;
import eris.server.config.CoapSettings;
import eris.server.config.DaemonSettings;
import eris.server.config.EchoMode;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.Content;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.StoreLimits;
import eris.server.config.TlsSettings;
import eris.stores.coap.PresharedKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes the daemon's settings of what was set, and says what is wrong with that.
final class ServeSettings {
  private static final int MOST_CONNECTIONS = 1_000_000;
  private static final int MOST_EVENT_LOOPS = 1024;
  private static final Setting DEFAULT_HTTP = new Setting("127.0.0.1:8080", "the default");

  private ServeSettings() {}

  /// @param listener the descriptor of a socket that listens for HTTP already: then it is not asked
  ///     where to
  static DaemonSettings of(ServeConfig config, Io io, Optional<Integer> listener)
      throws IOException, Failure {
    HttpSettings standard =
        HttpSettings.at(
            listener.isPresent()
                ? Daemon.addressOf(listener.get())
                : address(config.get(ServeKey.HTTP).orElse(DEFAULT_HTTP)));
    HttpLimits limits = standard.limits();
    Optional<TlsSettings> tls = tls(config);
    int connections = number(config, ServeKey.CONNECTIONS, limits.connections(), MOST_CONNECTIONS);
    return new DaemonSettings(
        store(config),
        new HttpSettings(
            standard.address(),
            listener,
            put(config).orElse(standard.put()),
            content(config, standard, tls),
            console(config, standard.console()),
            hosts(config),
            number(config, ServeKey.EVENT_LOOPS, standard.eventLoops(), MOST_EVENT_LOOPS),
            new HttpLimits(
                connections,
                limits.bodyBytes(),
                limits.requestHead(),
                limits.body(),
                limits.idle()),
            tls),
        coap(config),
        access(config, io),
        AccessLogSettings.of(config).requests());
  }

  private static Optional<TlsSettings> tls(ServeConfig config) throws Failure {
    Optional<InetSocketAddress> address = optionalAddress(config, ServeKey.HTTPS);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new TlsSettings(
            address.get(),
            tlsFile(config, ServeKey.TLS_CERTIFICATE),
            tlsFile(config, ServeKey.TLS_KEY),
            config.get(ServeKey.TLS_CLIENT_CA).map(set -> Path.of(set.value()))));
  }

  private static Path tlsFile(ServeConfig config, ServeKey key) throws Failure {
    return config
        .get(key)
        .map(set -> Path.of(set.value()))
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.USAGE,
                    "https wants a certificate and its key",
                    "name their files with --tls-certificate and --tls-key"));
  }

  private static CoapSettings coap(ServeConfig config) throws Failure {
    Optional<InetSocketAddress> dtls = optionalAddress(config, ServeKey.COAPS);
    Optional<Setting> keys = config.get(ServeKey.COAPS_KEYS);
    if (dtls.isPresent() && keys.isEmpty()) {
      throw new Failure(
          ExitCode.USAGE, "coaps wants keys of clients", "name their file with --coaps-keys");
    }
    return new CoapSettings(
        optionalAddress(config, ServeKey.COAP),
        optionalAddress(config, ServeKey.COAP_TCP),
        dtls,
        keys.isPresent() ? keys(keys.get()) : List.of(),
        echo(config),
        put(config));
  }

  private static Optional<InetSocketAddress> optionalAddress(ServeConfig config, ServeKey key)
      throws Failure {
    Optional<Setting> set = config.get(key);
    return set.isPresent() ? Optional.of(address(set.get())) : Optional.empty();
  }

  private static List<PresharedKey> keys(Setting file) throws Failure {
    try {
      return PresharedKey.readAll(Path.of(file.value()));
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private static EchoMode echo(ServeConfig config) throws Failure {
    Optional<Setting> set = config.get(ServeKey.COAP_ECHO);
    if (set.isEmpty()) {
      return EchoMode.AUTO;
    }
    return switch (set.get().value()) {
      case "auto" -> EchoMode.AUTO;
      case "on" -> EchoMode.ON;
      case "off" -> EchoMode.OFF;
      default -> throw set.get().failure("auto, on or off");
    };
  }

  private static AccessSettings access(ServeConfig config, Io io) throws IOException {
    Path file =
        config
            .get(ServeKey.ACCESS)
            .map(set -> Path.of(set.value()))
            .orElseGet(() -> AccessOptions.standard(io));
    return new AccessSettings(
        new AccessFile(file).read(), file.resolveSibling(file.getFileName() + ".usage"));
  }

  private static InetSocketAddress address(Setting setting) throws Failure {
    String text = setting.value();
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(colon, 0)).replaceAll("^\\[|\\]$", "");
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      var address = new InetSocketAddress(host, port);
      if (colon > 0 && !address.isUnresolved()) {
        return address;
      }
    } catch (IllegalArgumentException _) {
      throw setting.failure("HOST:PORT");
    }
    throw setting.failure("HOST:PORT");
  }

  private static Optional<HttpSettings.Put> put(ServeConfig config) throws Failure {
    Optional<Setting> set = config.get(ServeKey.PUT);
    if (set.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (set.get().value()) {
          case "on" -> HttpSettings.Put.ON;
          case "token" -> HttpSettings.Put.TOKEN;
          case "off" -> HttpSettings.Put.OFF;
          default -> throw set.get().failure("on, token or off");
        });
  }

  /// For this machine only, unless somebody says very clearly otherwise.
  private static Content content(
      ServeConfig config, HttpSettings standard, Optional<TlsSettings> tls) throws Failure {
    Optional<Setting> set = config.get(ServeKey.CONTENT);
    if (set.isEmpty()) {
      return standard.content();
    }
    Content content =
        switch (set.get().value()) {
          case "on" -> Content.ON;
          case "off" -> Content.OFF;
          case "public" -> Content.PUBLIC;
          default -> throw set.get().failure("on, public or off");
        };
    boolean isPrivate =
        standard.address().getAddress().isLoopbackAddress()
            && tls.stream().allMatch(it -> it.address().getAddress().isLoopbackAddress());
    if (content == Content.ON && !isPrivate) {
      throw new Failure(
          ExitCode.USAGE,
          set.get().place() + ": content is decoded at loopback addresses only",
          "public decodes it for whoever asks: they send their capabilities over the network");
    }
    return content;
  }

  private static HttpSettings.Console console(ServeConfig config, HttpSettings.Console standard)
      throws Failure {
    Optional<Setting> set = config.get(ServeKey.CONSOLE);
    if (set.isEmpty()) {
      return standard;
    }
    return isOn(set.get()) ? HttpSettings.Console.ON : HttpSettings.Console.OFF;
  }

  private static boolean isOn(Setting setting) throws Failure {
    return switch (setting.value()) {
      case "on" -> true;
      case "off" -> false;
      default -> throw setting.failure("on or off");
    };
  }

  private static Set<String> hosts(ServeConfig config) {
    return config
        .get(ServeKey.HOSTS)
        .map(hosts -> Set.of(hosts.value().strip().split("\\s+")))
        .orElse(Set.of());
  }

  private static StoreLimits store(ServeConfig config) throws Failure {
    StoreLimits standard = StoreLimits.DEFAULT;
    Optional<Setting> cache = config.get(ServeKey.CACHE);
    if (cache.isEmpty()) {
      return standard;
    }
    try {
      long bytes = Bytes.parse(cache.get().value());
      return new StoreLimits(standard.threads(), standard.waiting(), bytes);
    } catch (IllegalArgumentException _) {
      throw cache.get().failure("a size, as 64MiB");
    }
  }

  private static int number(ServeConfig config, ServeKey key, int standard, int most)
      throws Failure {
    Optional<Setting> set = config.get(key);
    if (set.isEmpty()) {
      return standard;
    }
    try {
      int number = Integer.parseInt(set.get().value());
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      throw set.get().failure("a number from 1 to " + most);
    }
    throw set.get().failure("a number from 1 to " + most);
  }
}
