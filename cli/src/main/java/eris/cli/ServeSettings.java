package eris.cli;

import eris.cli.ServeConfig.Setting;
import eris.server.access.AccessFile;
import eris.server.config.AccessSettings;
import eris.server.config.DaemonSettings;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.StoreLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Makes the daemon's settings of what was set, and says what is wrong with that.
final class ServeSettings {
  private static final int MOST_CONNECTIONS = 1_000_000;
  private static final int MOST_EVENT_LOOPS = 1024;
  private static final Setting DEFAULT_HTTP = new Setting("127.0.0.1:8080", "the default");

  private ServeSettings() {}

  static DaemonSettings of(ServeConfig config, Io io) throws IOException, Failure {
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
        access(config, io));
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

  private static HttpSettings.Put put(ServeConfig config, HttpSettings.Put standard)
      throws Failure {
    Optional<Setting> set = config.get(ServeKey.PUT);
    if (set.isEmpty()) {
      return standard;
    }
    return switch (set.get().value()) {
      case "on" -> HttpSettings.Put.ON;
      case "off" -> HttpSettings.Put.OFF;
      default -> throw set.get().failure("on or off");
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
