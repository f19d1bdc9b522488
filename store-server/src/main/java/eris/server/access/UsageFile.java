package eris.server.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// How many bytes each account has put, in a file of lines: name, space, bytes. One process writes.
public final class UsageFile {
  private final Path file;

  public UsageFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /// @throws IOException also if it is not understood: then nobody knows what was used
  Map<String, Long> read() throws IOException {
    Map<String, Long> usage = new HashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        int space = line.indexOf(' ');
        usage.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
      }
    } catch (NoSuchFileException _) {
      return usage;
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new IOException("the file of usage is damaged", e);
    }
    return usage;
  }

  /// Returns when it is durable.
  void write(Map<String, Long> usage) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Path next = file.resolveSibling(file.getFileName() + ".new");
    var text = new StringBuilder();
    new TreeMap<>(usage).forEach((name, bytes) -> text.append(name + " " + bytes + "\n"));
    Files.writeString(next, text);
    DurableFiles.replace(next, file);
  }
}
