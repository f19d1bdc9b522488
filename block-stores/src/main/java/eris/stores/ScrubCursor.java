package eris.stores;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// How far a scrub has got, in a file that survives it. Losing the file costs only time: the next
/// scrub begins at the beginning.
public final class ScrubCursor {
  private static final String FORMAT = "eris scrub 1 ";
  private static final int MAX_BYTES = 128;

  private final Path file;
  private final Path unfinished;

  private ScrubCursor(Path file) {
    this.file = file;
    unfinished = file.resolveSibling(file.getFileName() + ".new");
  }

  /// The cursor of the store in `directory`.
  public static ScrubCursor in(Path directory) {
    return at(directory.resolve("scrub"));
  }

  /// A cursor in a file of its own, whose directory is created when it is needed.
  public static ScrubCursor at(Path file) {
    return new ScrubCursor(file.toAbsolutePath());
  }

  /// The position where to go on; empty: at the beginning.
  String read() throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (var in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1).strip();
      return text.startsWith(FORMAT) ? text.substring(FORMAT.length()) : "";
    }
  }

  /// Remembers that all before the position is done. A store that nothing can be written to, because it is
  /// full or read-only, is scrubbed all the same.
  void write(String next) {
    try {
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(unfinished, FORMAT + next + "\n");
      StoreDirectory.force(unfinished, StandardOpenOption.WRITE);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException _) {
      return; // as the next scrub will find out
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      return; // a cursor at the end: the next scrub has little to do, and tries again
    }
  }
}
