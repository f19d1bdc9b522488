package eris.image.tree;

import eris.ReadCapability;
import eris.format.ErisFs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/// Makes the directory that an [ErisFs] describes. Nothing is written outside of it: names cannot
/// climb, no path leads through a link (there are no such values), and links come last, for file
/// systems that take two names for one.
public final class TreeWriter {
  private final ClosureReader reader;
  private final long maxBytes;
  private long written;

  /// @param maxBytes of all files that this will write
  public TreeWriter(ClosureReader reader, long maxBytes) {
    this.reader = reader;
    this.maxBytes = maxBytes;
  }

  /// More than the caller allows.
  public static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    TooLarge(long maxBytes) {
      super("the directory is more than %d bytes".formatted(maxBytes));
    }
  }

  /// @param name of the tree in errors; empty for none
  /// @param directory is there, and empty
  /// @throws FaultyFile if a file cannot be had
  /// @throws TooLarge before a file that does not fit
  public void write(String name, ErisFs tree, Path directory) throws IOException {
    String prefix = name.isEmpty() ? "" : name + "/";
    for (Map.Entry<ErisFs.Path, ErisFs.Entry> entry : tree.entries().entrySet()) {
      Path place = resolve(directory, entry.getKey());
      String path = prefix + String.join("/", entry.getKey().names());
      switch (entry.getValue()) {
        case ErisFs.File(var content) -> writeFile(path, content, place);
        case ErisFs.Executable(var content) -> {
          writeFile(path, content, place);
          Permissions.makeExecutable(place);
        }
        case ErisFs.SymbolicLink _ -> Files.createDirectories(place.getParent());
      }
    }
    for (Map.Entry<ErisFs.Path, ErisFs.Entry> entry : tree.entries().entrySet()) {
      if (entry.getValue() instanceof ErisFs.SymbolicLink(var target)) {
        Files.createSymbolicLink(resolve(directory, entry.getKey()), Path.of(target));
      }
    }
  }

  private static Path resolve(Path directory, ErisFs.Path name) {
    Path path = directory;
    for (String part : name.names()) {
      path = path.resolve(part);
    }
    return path;
  }

  private void writeFile(String path, ReadCapability content, Path place) throws IOException {
    Files.createDirectories(place.getParent());
    try (FileChannel file =
        FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      reader.copy(path, content, this::admit, file);
      file.force(true);
    }
  }

  private void admit(long sizeBytes) throws TooLarge {
    if (sizeBytes > maxBytes - written) {
      throw new TooLarge(maxBytes);
    }
    written += sizeBytes;
  }
}
