package eris.image.tree;

import eris.format.ErisFs;
import eris.format.Manifest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// All files of a closure in a directory.
public final class ClosureDirectory {
  private ClosureDirectory() {}

  /// Writes every file, verified meanwhile, and each name once.
  ///
  /// By `ROUTE`, files have their paths, and directories among them are made. By `HANDLE` and `URN`,
  /// all lie side by side under that name, directories as the list they are, and a dynamic loader
  /// under its own name as well.
  ///
  /// @param directory is there, and empty
  /// @throws FaultyFile if a file cannot be had
  public static void write(
      Manifest manifest, Manifest.Naming names, ClosureReader reader, Path directory)
      throws IOException {
    for (Map.Entry<String, String> name : namesOf(manifest, names).entrySet()) {
      String path = name.getValue();
      Manifest.Entry entry = manifest.file(path);
      Path place = directory.resolve(name.getKey());
      Files.createDirectories(place.getParent());
      if (entry.type() == Manifest.Type.TREE && names == Manifest.Naming.ROUTE) {
        ErisFs tree = reader.readTree(path, entry);
        Files.createDirectory(place);
        new TreeWriter(reader, Long.MAX_VALUE).write(path, tree, place);
      } else {
        writeFile(path, entry, reader, place);
      }
    }
  }

  /// From names to paths in the manifest, which are safe as names.
  private static SortedMap<String, String> namesOf(Manifest manifest, Manifest.Naming names) {
    SortedMap<String, String> all = new TreeMap<>();
    for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
      all.put(nameOf(file.getKey(), file.getValue(), names), file.getKey());
      if (file.getValue().type() == Manifest.Type.ELF && names != Manifest.Naming.ROUTE) {
        file.getValue()
            .interpreter()
            .ifPresent(loader -> all.put(loader.substring(loader.lastIndexOf('/') + 1), loader));
      }
    }
    return all;
  }

  private static String nameOf(String path, Manifest.Entry entry, Manifest.Naming names) {
    return switch (names) {
      case ROUTE -> path;
      case HANDLE -> entry.handle().toString();
      case URN -> entry.content().toUrn();
    };
  }

  private static void writeFile(String path, Manifest.Entry entry, ClosureReader reader, Path place)
      throws IOException {
    try (FileChannel file =
        FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      reader.copy(path, entry, file);
      file.force(true);
    }
    if (isProgram(entry)) {
      Permissions.makeExecutable(place);
    }
  }

  static boolean isProgram(Manifest.Entry entry) {
    return entry.type() == Manifest.Type.ELF || entry.type() == Manifest.Type.SCRIPT;
  }
}
