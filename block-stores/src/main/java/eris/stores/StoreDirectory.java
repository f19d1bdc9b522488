package eris.stores;

import eris.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Stream;

/// A directory that holds one store, and the file `FORMAT` in it that says which kind and version:
/// a program that does not know the format touches nothing.
///
/// @param format what the file says, such as `eris rocksdb 1`
record StoreDirectory(Path path, String format) {
  private static final String MARKER = "FORMAT";
  private static final String UNFINISHED_MARKER = "FORMAT.new";
  private static final int MAX_MARKER_BYTES = 64;

  /// What a directory may hold that is to become a store.
  private static final Set<String> BEFORE_FORMAT = Set.of(WriterLock.FILE_NAME, UNFINISHED_MARKER);

  /// Makes sure that this is a directory, of this format or one that can become a store; creates
  /// it, with its parents, if there is none.
  void prepare() throws IOException {
    if (!Files.exists(path)) {
      create();
    } else {
      requireDirectory();
      if (!Files.isWritable(path)) {
        throw new StoreException.ReadOnly(path.toString());
      }
      if (hasMarker()) {
        requireFormat();
      } else {
        requireUnused();
      }
    }
  }

  /// Marks the directory, after [#prepare]; the caller holds its lock.
  void mark() throws IOException {
    if (hasMarker()) {
      requireFormat();
      return;
    }
    requireUnused();
    Path unfinished = path.resolve(UNFINISHED_MARKER);
    Files.writeString(unfinished, format + "\n");
    force(unfinished, StandardOpenOption.WRITE);
    Files.move(unfinished, path.resolve(MARKER), StandardCopyOption.ATOMIC_MOVE);
    force(path, StandardOpenOption.READ);
  }

  /// @throws IOException unless this is a store of this format
  void requireStore() throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("no store at " + path);
    }
    requireDirectory();
    if (!hasMarker()) {
      throw new IOException(path + " is not a store");
    }
    requireFormat();
  }

  /// Brings a file, or the names in a directory, to the disk.
  static void force(Path path, StandardOpenOption access) throws IOException {
    try (FileChannel channel = FileChannel.open(path, access)) {
      channel.force(true);
    }
  }

  private void create() throws IOException {
    try {
      createDurably(path.toAbsolutePath());
    } catch (FileSystemException e) {
      throw new IOException("cannot create a store at " + path, e);
    }
  }

  private static void createDurably(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (Files.exists(directory) || parent == null) {
      return;
    }
    createDurably(parent);
    Files.createDirectories(directory); // another process may create it too
    force(parent, StandardOpenOption.READ);
  }

  private void requireDirectory() throws IOException {
    if (!Files.isDirectory(path)) {
      throw new IOException(path + " is a file, want the directory of a store");
    }
    if (!Files.isReadable(path) || !Files.isExecutable(path)) {
      throw new IOException("store " + path + " is not readable");
    }
  }

  private boolean hasMarker() {
    return Files.exists(path.resolve(MARKER));
  }

  private void requireFormat() throws IOException {
    String found;
    try (var in = Files.newInputStream(path.resolve(MARKER))) {
      found = new String(in.readNBytes(MAX_MARKER_BYTES), StandardCharsets.ISO_8859_1).strip();
    }
    if (!found.equals(format)) {
      throw new IOException(
          "store %s has the format '%s', want '%s'".formatted(path, printable(found), format));
    }
  }

  private void requireUnused() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      if (files.anyMatch(file -> !BEFORE_FORMAT.contains(file.getFileName().toString()))) {
        throw new IOException(path + " is not a store and not empty");
      }
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }
}
