package eris.image.closure;

import eris.format.ErisFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Encodes a directory as [ErisFs]. Symbolic links are kept as links.
final class TreeEncoder {
  private final ObjectWriter objects;

  TreeEncoder(ObjectWriter objects) {
    this.objects = objects;
  }

  ObjectWriter.Written write(Path directory) throws IOException {
    SortedMap<ErisFs.Path, ErisFs.Entry> entries = new TreeMap<>();
    Path root = directory.toRealPath();
    for (Path path : below(root)) {
      ErisFs.Path name = nameOf(root.relativize(path));
      if (Files.isSymbolicLink(path)) {
        entries.put(name, new ErisFs.SymbolicLink(textOf(Files.readSymbolicLink(path))));
      } else if (Files.isRegularFile(path)) {
        entries.put(name, file(path));
      } else if (!Files.isDirectory(path)) {
        throw new ClosureException(path + ": is neither a file, a directory nor a link");
      }
    }
    return objects.write(new ErisFs(entries).encode());
  }

  private ErisFs.Entry file(Path path) throws IOException {
    SourceFile source = SourceFile.openData(path);
    ObjectWriter.Written file = objects.write(path);
    source.requireUnchanged();
    // As its owner has it: whether we may run it depends on who asks, and on where.
    return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OWNER_EXECUTE)
        ? new ErisFs.Executable(file.capability())
        : new ErisFs.File(file.capability());
  }

  private static List<Path> below(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(path -> !path.equals(directory)).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// Bytes that are no text would come back as others.
  private static String textOf(Path path) throws ClosureException {
    String text = path.toString();
    if (!Path.of(text).equals(path)) {
      throw new ClosureException(text + ": is no text in UTF-8");
    }
    return text;
  }

  private static ErisFs.Path nameOf(Path relative) throws ClosureException {
    List<String> names = new ArrayList<>();
    for (Path name : relative) {
      names.add(textOf(name));
    }
    try {
      return new ErisFs.Path(names);
    } catch (IllegalArgumentException e) {
      throw new ClosureException(relative + ": " + e.getMessage());
    }
  }
}
