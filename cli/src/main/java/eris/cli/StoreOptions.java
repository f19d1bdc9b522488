package eris.cli;

import eris.stores.MalformedStoreUrl;
import eris.stores.StoreUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which stores a command works on.
final class StoreOptions {
  @Option(
      names = "--store",
      paramLabel = "URL",
      description = {
        "A store: rocksdb:///PATH, volume:///PATH, dir:PATH, http(s)://HOST[:PORT], cbor+file:PATH,",
        "coap(s)://HOST[:PORT], coap+tcp://HOST[:PORT], memory: or a path.",
        "Several are asked in order. ?get, ?put and ?cache after it limit what it is used for.",
        "Default: $ERIS_STORE_URL, else the embedded store in ~/.local/share/eris.",
        "For https, $ERIS_CA_FILE names whom to trust, and $ERIS_CERTIFICATE_FILE and",
        "$ERIS_CERTIFICATE_KEY_FILE what to show, in PEM; for coaps, $ERIS_COAP_PSK_FILE the key."
      })
  List<String> urls = new ArrayList<>();

  /// The stores named on the command line or in the environment; empty if there are none.
  Optional<List<StoreUrl>> named(Io io) throws MalformedStoreUrl {
    if (!urls.isEmpty()) {
      return named();
    }
    Optional<String> list = io.variable("ERIS_STORE_URL");
    return list.isPresent() ? Optional.of(StoreUrl.parseList(list.get())) : Optional.empty();
  }

  /// The stores named on the command line; empty if there are none.
  Optional<List<StoreUrl>> named() throws MalformedStoreUrl {
    var parsed = new ArrayList<StoreUrl>();
    for (String url : urls) {
      parsed.add(StoreUrl.parse(url));
    }
    return parsed.isEmpty() ? Optional.empty() : Optional.of(parsed);
  }
}
