package eris.stores;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/// Reads a [StoreUrl] from text.
///
/// Files and servers have their own rules, because `dir:` URLs are written by people who think of a
/// path.
final class StoreUrlParser {
  private static final String KNOWN_SCHEMES =
      "cbor+file, coap, coap+tcp, coaps, dir, http, https, memory, rocksdb or volume";

  private static final String PARTITION = "partition=";
  private static final String KEY_FILE = "psk-file=";
  private static final Pattern GUID =
      Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private StoreUrlParser() {}

  static StoreUrl parse(String text) throws MalformedStoreUrl {
    if (text.chars().anyMatch(c -> Character.isISOControl(c))) {
      throw new MalformedStoreUrl("holds a control character");
    }
    int query = text.indexOf('?');
    String location = query < 0 ? text : text.substring(0, query);
    List<String> words = new ArrayList<>();
    if (query >= 0) {
      words.addAll(List.of(text.substring(query + 1).split("&", -1)));
    }
    int colon = location.indexOf(':');
    if (colon < 0 || !isScheme(location.substring(0, colon))) {
      return new StoreUrl.Directory(path(location), rights(words));
    }
    String scheme = location.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = location.substring(colon + 1);
    Optional<UUID> partition = scheme.equals("volume") ? takePartition(words) : Optional.empty();
    Optional<Path> keyFile = scheme.equals("coaps") ? takeKeyFile(words) : Optional.empty();
    Set<Right> rights = rights(words);
    return switch (scheme) {
      case "volume" ->
          new StoreUrl.Volume(new VolumePath(decodedPath(scheme, rest), partition), rights);
      case "rocksdb" -> new StoreUrl.RocksDb(decodedPath(scheme, rest), rights);
      case "dir" -> new StoreUrl.Directory(decodedPath(scheme, rest), rights);
      case "cbor+file" -> new StoreUrl.Archive(decodedPath(scheme, rest), rights);
      case "memory" -> memory(rest, rights);
      case "http", "https" -> new StoreUrl.Http(base(scheme, rest), rights);
      case "coap", "coaps", "coap+tcp" -> new StoreUrl.Coap(store(scheme, rest), keyFile, rights);
      default ->
          throw new MalformedStoreUrl(
              "unknown scheme %s, want %s".formatted(scheme, KNOWN_SCHEMES));
    };
  }

  private static Set<Right> rights(List<String> words) throws MalformedStoreUrl {
    if (words.isEmpty()) {
      return EnumSet.of(Right.GET, Right.PUT);
    }
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (String word : words) {
      switch (word) {
        case "get" -> rights.add(Right.GET);
        case "put" -> rights.add(Right.PUT);
        case "cache" -> rights.addAll(EnumSet.of(Right.GET, Right.CACHE));
        default -> throw new MalformedStoreUrl("unknown query word, want get, put or cache");
      }
    }
    return rights;
  }

  /// Takes `partition=GUID` out of `words`.
  private static Optional<UUID> takePartition(List<String> words) throws MalformedStoreUrl {
    Optional<String> guid = take(PARTITION, words);
    if (guid.isPresent() && !GUID.matcher(guid.get()).matches()) {
      throw new MalformedStoreUrl("the partition is no GUID");
    }
    return guid.map(UUID::fromString);
  }

  /// Takes `psk-file=PATH` out of `words`.
  private static Optional<Path> takeKeyFile(List<String> words) throws MalformedStoreUrl {
    Optional<String> file = take(KEY_FILE, words);
    return file.isPresent() ? Optional.of(path(percentDecoded(file.get()))) : Optional.empty();
  }

  /// Takes the word that begins with `name` out of `words`, and gives the rest of it.
  private static Optional<String> take(String name, List<String> words) {
    Optional<String> word = words.stream().filter(each -> each.startsWith(name)).findFirst();
    word.ifPresent(words::remove);
    return word.map(each -> each.substring(name.length()));
  }

  /// RFC 3986: a letter, then letters, digits and `+`, `-`, `.`. So a path with a slash, or with a
  /// dot in front, before its colon is no URL.
  private static boolean isScheme(String text) {
    return text.matches("[A-Za-z][A-Za-z0-9+.-]*");
  }

  private static StoreUrl memory(String rest, Set<Right> rights) throws MalformedStoreUrl {
    if (!rest.isEmpty()) {
      throw new MalformedStoreUrl("memory: has no location");
    }
    return new StoreUrl.Memory(rights);
  }

  private static Path decodedPath(String scheme, String rest) throws MalformedStoreUrl {
    boolean authority = rest.startsWith("//");
    if (authority && !rest.startsWith("///")) {
      throw new MalformedStoreUrl(
          "%s: is a local path, want %1$s:///path or %1$s:relative".formatted(scheme));
    }
    if (rest.contains("#")) {
      throw new MalformedStoreUrl("%s: has a fragment, want %%23 for #".formatted(scheme));
    }
    return path(percentDecoded(authority ? rest.substring(2) : rest));
  }

  private static Path path(String text) throws MalformedStoreUrl {
    if (text.isEmpty()) {
      throw new MalformedStoreUrl("the path is empty");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new MalformedStoreUrl("the path cannot be a file's name on this system");
    }
  }

  private static String percentDecoded(String text) throws MalformedStoreUrl {
    byte[] coded = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(coded.length);
    int i = 0;
    while (i < coded.length) {
      boolean escape = coded[i] == '%';
      decoded.put(escape ? escapedByte(coded, i) : coded[i]);
      i += escape ? 3 : 1;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedStoreUrl("the percent-decoded path is not utf-8");
    }
  }

  private static byte escapedByte(byte[] coded, int percent) throws MalformedStoreUrl {
    if (percent + 2 >= coded.length
        || !HexFormat.isHexDigit(coded[percent + 1])
        || !HexFormat.isHexDigit(coded[percent + 2])) {
      throw new MalformedStoreUrl("a percent sign without two hexadecimal digits");
    }
    return (byte)
        (HexFormat.fromHexDigit(coded[percent + 1]) << 4
            | HexFormat.fromHexDigit(coded[percent + 2]));
  }

  private static URI base(String scheme, String rest) throws MalformedStoreUrl {
    if (rest.contains("@")) {
      throw new MalformedStoreUrl(
          "%s: takes no user name or password: others can see it".formatted(scheme));
    }
    String wanted = "want %s://host[:port][/prefix]".formatted(scheme);
    try {
      URI url = new URI(scheme + ":" + rest.replaceFirst("/+$", ""));
      if (url.getHost() == null || url.getRawFragment() != null) {
        throw new MalformedStoreUrl(wanted);
      }
      int port = url.getPort() < 0 ? defaultPort(scheme) : url.getPort();
      if (port < 1 || port > 0xffff) {
        throw new MalformedStoreUrl("the port is outside 1..65535");
      }
      return new URI("%s://%s:%d%s".formatted(scheme, url.getHost(), port, url.getRawPath()));
    } catch (URISyntaxException e) {
      throw new MalformedStoreUrl(wanted); // the cause would repeat the text
    }
  }

  /// As [#base], and always with a path.
  private static URI store(String scheme, String rest) throws MalformedStoreUrl {
    URI base = base(scheme, rest);
    return base.getRawPath().isEmpty() ? URI.create(base + StoreUrl.Coap.DEFAULT_PATH) : base;
  }

  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "https" -> 443;
      case "http" -> 80;
      case "coaps" -> 5684;
      default -> 5683;
    };
  }
}
