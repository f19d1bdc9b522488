package eris.cli;

import eris.stores.AccessToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The tokens that open servers to this user: a file, only its owner's, of lines `SERVER TOKEN`. Each
/// is sent to its own server alone.
final class ServerTokens {
  private final Path file;

  private ServerTokens(Path file) {
    this.file = file;
  }

  static ServerTokens of(Io io) {
    return new ServerTokens(
        io.xdg("XDG_CONFIG_HOME", Path.of(".config")).resolve("eris/tokens").toAbsolutePath());
  }

  /// The token for a server, if there is one.
  Optional<AccessToken> token(URI server) throws IOException {
    return Optional.ofNullable(read().get(name(server)));
  }

  /// Keeps a token for a server; without one forgets the one it had.
  ///
  /// @throws Failure if others could read it on its way
  void set(URI server, Optional<AccessToken> token) throws IOException, Failure {
    if (!isPrivate(server)) {
      throw new Failure(
          ExitCode.USAGE, "a token is not sent over http to another machine", "use https");
    }
    Map<String, AccessToken> tokens = read();
    tokens.remove(name(server));
    token.ifPresent(given -> tokens.put(name(server), given));
    write(tokens);
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
    try {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ", 2);
        tokens.put(words[0], AccessToken.parse(words.length < 2 ? "" : words[1]));
      }
      return tokens;
    } catch (NoSuchFileException _) {
      return tokens;
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s is damaged: remove it, and say again eris token use".formatted(file), e);
    }
  }

  private void write(Map<String, AccessToken> tokens) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Path next = file.resolveSibling("tokens.new");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String text =
        tokens.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue().reveal() + "\n")
            .collect(Collectors.joining());
    Files.writeString(next, text);
    try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
