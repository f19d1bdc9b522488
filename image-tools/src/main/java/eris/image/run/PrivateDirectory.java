package eris.image.run;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A directory for one program, which nobody else enters and which vanishes when the last process
/// that came of the program has ended.
///
/// ```
/// eris-run-…/alive     a named pipe: who lives has it open
/// eris-run-…/closure   names, most of them links to sealed files
/// ```
///
/// The program and what it starts inherit the pipe; a small shell waits at the other end until nobody
/// has it open any more, and then removes the directory. Where that shell was killed, the next
/// program that needs such a directory removes those whose pipe nobody has open.
final class PrivateDirectory {
  private static final String PREFIX = "eris-run-";
  private static final String PIPE = "alive";
  private static final Duration YOUNG = Duration.ofMinutes(1); // may not have its pipe yet
  private static final Set<PosixFilePermission> OURS_ALONE =
      PosixFilePermissions.fromString("rwx------");
  private static final int LEAST_DESCRIPTOR = 100;

  private static final String REMOVER =
      "exec 3<&0; cd /; (trap '' HUP INT QUIT TERM; read -r _ <&3; rm -rf -- \"$1\") &";

  private final Path closure;
  private final int descriptor;

  private PrivateDirectory(Path closure, int descriptor) {
    this.closure = closure;
    this.descriptor = descriptor;
  }

  /// @param places where to make it: the first that is there and may be written to
  static PrivateDirectory create(List<Path> places) throws IOException {
    Path place =
        places.stream()
            .filter(path -> Files.isDirectory(path) && Files.isWritable(path))
            .findFirst()
            .orElseThrow(() -> new NotRunnable("no place for the program's private directory"));
    removeDead(place);
    Path directory =
        Files.createTempDirectory(place, PREFIX, PosixFilePermissions.asFileAttribute(OURS_ALONE));
    try {
      return create(directory);
    } catch (IOException | RuntimeException e) {
      remove(directory);
      throw e;
    }
  }

  private static PrivateDirectory create(Path directory) throws IOException {
    Path pipe = directory.resolve(PIPE);
    Linux.createPipe(pipe.toString());
    int opened = Linux.open(pipe.toString(), Linux.O_RDWR | Linux.O_CLOEXEC);
    int descriptor = Linux.duplicate(opened, LEAST_DESCRIPTOR);
    Linux.close(opened);
    startRemover(directory, pipe.toFile());
    return new PrivateDirectory(Files.createDirectory(directory.resolve("closure")), descriptor);
  }

  /// As a child of a child that has ended, so that the program has none it knows nothing of.
  private static void startRemover(Path directory, File pipe) throws IOException {
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", REMOVER, "eris-run", directory.toString())
            .redirectInput(pipe)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      shell.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Removes what programs left that have ended.
  static void removeDead(Path place) throws IOException {
    List<Path> ours;
    try (Stream<Path> paths = Files.list(place)) {
      ours =
          paths
              .filter(path -> String.valueOf(path.getFileName()).startsWith(PREFIX))
              .filter(PrivateDirectory::isOurs)
              .filter(PrivateDirectory::isOld)
              .toList();
    }
    for (Path directory : ours) {
      if (!isAlive(directory.resolve(PIPE))) {
        remove(directory);
      }
    }
  }

  /// In a place for all, others may have made what looks like ours.
  private static boolean isOurs(Path directory) {
    try {
      PosixFileAttributes attributes =
          Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isDirectory()
          && attributes.permissions().equals(OURS_ALONE)
          && Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
              .equals(Linux.userId());
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean isOld(Path directory) {
    try {
      FileTime changed = Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS);
      return changed.toInstant().isBefore(Instant.now().minus(YOUNG));
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean isAlive(Path pipe) {
    try {
      Linux.close(Linux.open(pipe.toString(), Linux.O_WRONLY | Linux.O_NONBLOCK | Linux.O_CLOEXEC));
      return true;
    } catch (Linux.Refused e) {
      return e.errno() != Linux.ENXIO && e.errno() != Linux.ENOENT; // when in doubt
    } catch (IOException _) {
      return true;
    }
  }

  private static void remove(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException _) {
      // another run removes it
    }
  }

  /// Where the names are.
  Path path() {
    return closure;
  }

  /// What the program must inherit.
  int descriptor() {
    return descriptor;
  }
}
