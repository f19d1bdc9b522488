package eris.cli;

import eris.cli.ServeConfig.Setting;
import eris.server.config.CoapSettings;
import eris.server.config.DaemonSettings;
import eris.server.config.EchoMode;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.StoreLimits;
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

  static DaemonSettings of(ServeConfig config) throws Failure {
    HttpSettings standard =
        HttpSettings.at(address(config.get(ServeKey.HTTP).orElse(DEFAULT_HTTP)));
    HttpLimits limits = standard.limits();
    int connections = number(config, ServeKey.CONNECTIONS, limits.connections(), MOST_CONNECTIONS);
    return new DaemonSettings(
        store(config),
        new HttpSettings(
            standard.address(),
            put(config, standard.put()),
            hosts(config),
            number(config, ServeKey.EVENT_LOOPS, standard.eventLoops(), MOST_EVENT_LOOPS),
            new HttpLimits(
                connections,
                limits.bodyBytes(),
                limits.requestHead(),
                limits.body(),
                limits.idle())),
        coap(config));
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
        config.get(ServeKey.PUT).isPresent()
            ? Optional.of(put(config, HttpSettings.Put.ON))
            : Optional.empty());
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

  private static HttpSettings.Put put(ServeConfig config, HttpSettings.Put standard)
      throws Failure {
    Optional<Setting> set = config.get(ServeKey.PUT);
    if (set.isEmpty()) {
      return standard;
    }
    return switch (set.get().value()) {
      case "on" -> requireLocal(set.get(), standard);
      case "off" -> HttpSettings.Put.OFF;
      default -> throw set.get().failure("on or off");
    };
  }

  /// Who puts must be known, and so far that is only who is on this machine.
  private static HttpSettings.Put requireLocal(Setting set, HttpSettings.Put standard)
      throws Failure {
    if (standard == HttpSettings.Put.OFF) {
      throw set.failure("off at an address that others reach");
    }
    return HttpSettings.Put.ON;
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
