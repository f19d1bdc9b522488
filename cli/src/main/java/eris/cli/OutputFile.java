package eris.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A file that appears whole or not at all: written beside its place under another name, flushed,
/// then renamed. Interrupted or failed, it leaves nothing. Devices and pipes are written directly.
final class OutputFile implements AutoCloseable {
  private final Path place;
  private final Path written;
  private final FileChannel channel;
  private final Thread onExit = new Thread(this::deleteQuietly, "eris-delete-output");
  private boolean committed;

  private OutputFile(Path place, Path written, FileChannel channel) {
    this.place = place;
    this.written = written;
    this.channel = channel;
  }

  static OutputFile create(Path path) throws IOException, Failure {
    if (Files.isDirectory(path)) {
      throw new Failure(ExitCode.FAILED, path + ": is a directory");
    }
    Path place = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    if (Files.exists(place) && !Files.isRegularFile(place)) {
      return new OutputFile(place, place, FileChannel.open(place, StandardOpenOption.WRITE));
    }
    Path written = temporaryBeside(place);
    FileChannel channel =
        FileChannel.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var file = new OutputFile(place, written, channel);
    Runtime.getRuntime().addShutdownHook(file.onExit);
    return file;
  }

  /// A name that a second process does not choose as well.
  static Path temporaryBeside(Path place) {
    String name = ".%s.%d.part".formatted(place.getFileName(), ProcessHandle.current().pid());
    return place.resolveSibling(name);
  }

  FileChannel channel() {
    return channel;
  }

  /// Whether it is a device or pipe, which cannot be read again.
  boolean isStream() {
    return written.equals(place);
  }

  /// What has been written, to be read again before it appears.
  MemorySegment map(Arena arena) throws IOException {
    try (FileChannel reading = FileChannel.open(written, StandardOpenOption.READ)) {
      return reading.map(FileChannel.MapMode.READ_ONLY, 0, reading.size(), arena);
    }
  }

  /// Lets its owner alone read it: it will hold a secret.
  void restrictToOwner() throws IOException {
    if (!isStream()) {
      Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
    }
  }

  /// Gives it the permissions of another file.
  void permissionsOf(Path other) throws IOException {
    Files.setPosixFilePermissions(written, Files.getPosixFilePermissions(other));
  }

  /// Makes the file appear, whole.
  void commit() throws IOException {
    if (!isStream()) {
      channel.force(true);
      Files.move(
          written, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    committed = true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!isStream()) {
      if (!committed) {
        deleteQuietly();
      }
      removeHook(onExit);
    }
  }

  static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is on its way out, and the hook has run or will.
    }
  }

  private void deleteQuietly() {
    try {
      Files.deleteIfExists(written);
    } catch (IOException _) {
      // Nothing more can be done; what ended the operation is reported.
    }
  }
}
