package eris.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import eris.stores.AccessToken;
import eris.stores.WholeFile;
import eris.stores.Writer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The tokens that open servers to this user: a file, only its owner's, of lines `SERVER TOKEN`. Each
/// is sent to its own server alone.
final class ServerTokens {
  private static final int MAX_BYTES = 1 << 20;

  private final Path path;
  private final WholeFile file;

  private ServerTokens(Path path) {
    this.path = path;
    this.file = WholeFile.ofOwner(path);
  }

  static ServerTokens of(Io io) {
    return new ServerTokens(
        io.xdg("XDG_CONFIG_HOME", Path.of(".config")).resolve("eris/tokens").toAbsolutePath());
  }

  /// The token for a server, if there is one. A name that led to this machine when the token was kept
  /// may lead elsewhere by now.
  Optional<AccessToken> token(URI server) throws IOException {
    return Optional.ofNullable(read().get(name(server))).filter(_ -> isPrivate(server));
  }

  /// Keeps a token for a server; without one forgets the one it had.
  ///
  /// @throws Failure if others could read it on its way
  void set(URI server, Optional<AccessToken> token, Writer writer) throws IOException, Failure {
    if (!isPrivate(server)) {
      throw new Failure(
          ExitCode.USAGE, "a token is not sent over http to another machine", "use https");
    }
    try (Closeable _ = file.lock("of tokens", writer)) {
      Map<String, AccessToken> tokens = read();
      tokens.remove(name(server));
      token.ifPresent(given -> tokens.put(name(server), given));
      file.replace(format(tokens).getBytes(UTF_8));
    }
  }

  private static String name(URI server) {
    return "%s://%s:%d"
        .formatted(server.getScheme(), server.getHost(), server.getPort())
        .toLowerCase(Locale.ROOT);
  }

  private static boolean isPrivate(URI server) {
    try {
      return server.getScheme().equalsIgnoreCase("https")
          || InetAddress.getByName(server.getHost()).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }

  private Map<String, AccessToken> read() throws IOException {
    Map<String, AccessToken> tokens = new TreeMap<>();
    String text = file.read(MAX_BYTES).map(bytes -> new String(bytes, UTF_8)).orElse("");
    try {
      for (String line : text.lines().toList()) {
        String[] words = line.split(" ", 2);
        tokens.put(words[0], AccessToken.parse(words.length < 2 ? "" : words[1]));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s is damaged: remove it, and say again eris token use".formatted(path), e);
    }
    return tokens;
  }

  private static String format(Map<String, AccessToken> tokens) {
    return tokens.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue().reveal() + "\n")
        .collect(Collectors.joining());
  }
}
