package eris.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import eris.stores.WholeFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// How many bytes each account has put, in lines: name, space, bytes. One process writes.
public final class UsageFile {
  private static final int MAX_BYTES = 1 << 24;

  private final WholeFile file;

  public UsageFile(WholeFile file) {
    this.file = file;
  }

  /// @throws IOException also if it is not understood: then nobody knows what was used
  Map<String, Long> read() throws IOException {
    Map<String, Long> usage = new HashMap<>();
    String text = file.read(MAX_BYTES).map(bytes -> new String(bytes, UTF_8)).orElse("");
    try {
      for (String line : text.lines().toList()) {
        int space = line.indexOf(' ');
        usage.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
      }
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new IOException("the file of usage is damaged", e);
    }
    return usage;
  }

  /// Returns when it is durable.
  void write(Map<String, Long> usage) throws IOException {
    var text = new StringBuilder();
    new TreeMap<>(usage).forEach((name, bytes) -> text.append(name + " " + bytes + "\n"));
    file.replace(text.toString().getBytes(UTF_8));
  }
}
