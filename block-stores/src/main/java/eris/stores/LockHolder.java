package eris.stores;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Who holds a store, as its lock file says: a name and, in a second line, the socket where blocks
/// are taken for it.
///
/// Whoever is killed leaves both behind. So they are believed only while the lock is held, and the
/// socket only if somebody answers there.
record LockHolder(String name, Optional<Path> socket) {
  private static final int MAX_BYTES = 4096;
  private static final String SOCKET = "socket ";

  static LockHolder of(Writer writer) {
    return new LockHolder(
        "%s (process %d)".formatted(writer.program(), ProcessHandle.current().pid()),
        writer.socket());
  }

  static LockHolder readFrom(Path file) throws IOException {
    List<String> lines = List.of();
    if (Files.exists(file)) {
      try (var in = Files.newInputStream(file)) {
        lines = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).lines().toList();
      }
    }
    String name = lines.isEmpty() ? "" : lines.getFirst().strip();
    return new LockHolder(
        name.isEmpty() ? "another process" : name,
        lines.stream()
            .skip(1)
            .filter(line -> line.startsWith(SOCKET))
            .map(line -> Path.of(line.substring(SOCKET.length())))
            .findFirst());
  }

  String toText() {
    return name + "\n" + socket.map(path -> SOCKET + path + "\n").orElse("");
  }

  /// Where somebody answers, if anybody does.
  Optional<Path> liveSocket() {
    return socket.filter(LockHolder::isLive);
  }

  /// Another user's socket is none: anybody can write a lock file in a directory for all.
  private static boolean isLive(Path socket) {
    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return Files.getOwner(socket).getName().equals(System.getProperty("user.name"));
    } catch (IOException _) {
      return false;
    }
  }
}
