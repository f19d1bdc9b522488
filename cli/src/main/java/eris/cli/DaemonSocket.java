package eris.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import eris.stores.StoreUrl;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/// Where a daemon listens for other commands of its user, which find it in the lock file of the store:
/// a socket in `$XDG_RUNTIME_DIR/eris`, or in a new directory for temporary files, that only the user
/// enters.
final class DaemonSocket implements Closeable {
  private static final int MOST_PATH_BYTES = 100; // Linux takes 107, others less
  private static final String SUFFIX = ".socket";

  private final Optional<Path> path;
  private final Optional<Path> temporary;

  private DaemonSocket(Optional<Path> path, Optional<Path> temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  /// A place for a daemon that serves these stores. There is none unless it is one store, which has
  /// one writer: of several, nobody could tell which takes the blocks.
  static DaemonSocket choose(Io io, List<StoreUrl> stores) throws IOException {
    boolean hasOneWriter =
        stores.size() == 1
            && (stores.getFirst() instanceof StoreUrl.Volume
                || stores.getFirst() instanceof StoreUrl.RocksDb);
    if (!hasOneWriter) {
      return new DaemonSocket(Optional.empty(), Optional.empty());
    }
    String name = ProcessHandle.current().pid() + SUFFIX;
    Optional<Path> runtime =
        io.variable("XDG_RUNTIME_DIR").map(Path::of).filter(Files::isDirectory);
    if (runtime.isPresent()) {
      Path own = runtime.get().resolve("eris");
      Path socket = own.resolve(name);
      if (isShort(socket)) {
        prepare(own);
        return new DaemonSocket(Optional.of(socket), Optional.empty());
      }
    }
    Path directory = Files.createTempDirectory("eris-"); // its owner's alone
    return new DaemonSocket(Optional.of(directory.resolve(name)), Optional.of(directory)).orNone();
  }

  private DaemonSocket orNone() throws IOException {
    if (path.filter(DaemonSocket::isShort).isPresent()) {
      return this;
    }
    close();
    return new DaemonSocket(Optional.empty(), Optional.empty());
  }

  private static boolean isShort(Path socket) {
    return socket.toString().getBytes(UTF_8).length <= MOST_PATH_BYTES;
  }

  /// Makes the directory, and removes what killed daemons have left there.
  private static void prepare(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (DirectoryStream<Path> sockets = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path socket : sockets) {
        if (!isLive(socket)) {
          Files.deleteIfExists(socket);
        }
      }
    }
  }

  private static boolean isLive(Path socket) {
    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  Optional<Path> path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    if (temporary.isPresent()) {
      Files.deleteIfExists(temporary.get());
    }
  }
}
