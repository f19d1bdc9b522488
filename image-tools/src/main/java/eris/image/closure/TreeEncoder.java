package eris.image.closure;

import eris.format.ErisFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    for (Path path : below(directory)) {
      ErisFs.Path name = nameOf(directory.relativize(path));
      if (Files.isSymbolicLink(path)) {
        entries.put(name, new ErisFs.SymbolicLink(Files.readSymbolicLink(path).toString()));
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
    return Files.isExecutable(path)
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

  private static ErisFs.Path nameOf(Path relative) throws ClosureException {
    List<String> names = new ArrayList<>();
    relative.forEach(name -> names.add(name.toString()));
    try {
      return new ErisFs.Path(names);
    } catch (IllegalArgumentException e) {
      throw new ClosureException(relative + ": " + e.getMessage());
    }
  }
}
