package eris.stores;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Where a store is, and what it may be used for. Prints without its query.
///
/// ```
/// rocksdb:///path            rocksdb:relative
/// volume:///path             volume:///dev/sdb?partition=GUID
/// dir:///path  dir:relative  path
/// memory:
/// cbor+file:///path          cbor+file:relative
/// http://host[:port][/prefix]  https://…
/// coap://host[:port][/store]   coap+tcp://…   coaps://…?psk-file=path
/// ```
///
/// `?get`, `?put`, `?cache`, joined by `&`, are the rights. Without any, a store has get and put.
/// With some, it has those, and a cache has get as well: filling it would be in vain. So `?cache`
/// takes what was fetched elsewhere, but not what the user stores; `?cache&put` takes both.
///
/// The path of a URL is percent-decoded. A bare path is taken as it is, up to a `?`: one that has a
/// question mark in it is written `dir:` and `%3F`. Paths with blanks do in a list as `%20`.
public sealed interface StoreUrl {
  Set<Right> rights();

  /// @throws MalformedStoreUrl if `text` is anything else
  static StoreUrl parse(String text) throws MalformedStoreUrl {
    return StoreUrlParser.parse(text);
  }

  /// Parses the blank-separated form of `ERIS_STORE_URL`. No URLs at all are an empty list.
  ///
  /// @throws MalformedStoreUrl if one of them is malformed
  static List<StoreUrl> parseList(String text) throws MalformedStoreUrl {
    List<StoreUrl> urls = new ArrayList<>();
    for (String url : text.strip().split("\\s+", -1)) {
      if (!url.isEmpty()) {
        urls.add(parse(url));
      }
    }
    return List.copyOf(urls);
  }

  /// A RocksDB database.
  record RocksDb(Path path, Set<Right> rights) implements StoreUrl {
    public RocksDb {
      rights = Set.copyOf(rights);
    }

    @Override
    public String toString() {
      return "rocksdb:" + path;
    }
  }

  /// A volume in a file or on a block device, or in a partition of it.
  record Volume(VolumePath place, Set<Right> rights) implements StoreUrl {
    public Volume {
      rights = Set.copyOf(rights);
    }

    @Override
    public String toString() {
      return place.toString();
    }
  }

  /// A directory with a file for each block.
  record Directory(Path path, Set<Right> rights) implements StoreUrl {
    public Directory {
      rights = Set.copyOf(rights);
    }

    @Override
    public String toString() {
      return "dir:" + path;
    }
  }

  /// The memory of this process.
  record Memory(Set<Right> rights) implements StoreUrl {
    public Memory {
      rights = Set.copyOf(rights);
    }

    @Override
    public String toString() {
      return "memory:";
    }
  }

  /// A block archive in a file, to read from.
  record Archive(Path path, Set<Right> rights) implements StoreUrl {
    public Archive {
      rights = Set.copyOf(rights);
    }

    @Override
    public String toString() {
      return "cbor+file:" + path;
    }
  }

  /// A server that answers N2R requests (EER http). `base` always has a port, and no slash at its
  /// end.
  record Http(URI base, Set<Right> rights) implements StoreUrl {
    public Http {
      rights = Set.copyOf(rights);
      String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
      boolean http = scheme.equals("http") || scheme.equals("https");
      if (!http || base.getHost() == null || base.getPort() < 1 || base.getPort() > 0xffff) {
        throw new IllegalArgumentException("no http server with its port");
      }
      if (base.getRawUserInfo() != null
          || base.getRawQuery() != null
          || base.getRawFragment() != null
          || base.getRawPath().endsWith("/")) {
        throw new IllegalArgumentException("more than scheme, host, port and prefix");
      }
    }

    @Override
    public String toString() {
      return base.toString();
    }
  }

  /// A server that speaks CoAP (EER coap): over UDP, TCP or DTLS. `base` always has a port, and the
  /// path of the store, with no slash at its end.
  ///
  /// @param keyFile has the key that a `coaps:` server knows us by; empty if the environment names it
  record Coap(URI base, Optional<Path> keyFile, Set<Right> rights) implements StoreUrl {
    /// The store that a server has unless it says more.
    public static final String DEFAULT_PATH = "/.well-known/eris";

    private static final Set<String> SCHEMES = Set.of("coap", "coaps", "coap+tcp");

    public Coap {
      rights = Set.copyOf(rights);
      boolean coap = SCHEMES.contains(String.valueOf(base.getScheme()));
      if (!coap || base.getHost() == null || base.getPort() < 1 || base.getPort() > 0xffff) {
        throw new IllegalArgumentException("no coap server with its port");
      }
      if (base.getRawUserInfo() != null
          || base.getRawQuery() != null
          || base.getRawFragment() != null
          || base.getRawPath().isEmpty()
          || base.getRawPath().endsWith("/")) {
        throw new IllegalArgumentException("more than scheme, host, port and path of the store");
      }
    }

    /// Without the path, which may be a secret of its own unless it is everybody's.
    @Override
    public String toString() {
      return "%s://%s:%d".formatted(base.getScheme(), base.getHost(), base.getPort());
    }
  }
}
