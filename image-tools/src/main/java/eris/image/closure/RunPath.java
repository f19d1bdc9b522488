package eris.image.closure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Run-paths: directories that ELF files themselves name, with words that stand for others.
final class RunPath {
  private RunPath() {}

  /// The directories of `text`, which are separated by colons; empty ones, which are where the
  /// program is started, are left out.
  ///
  /// @param origin the directory of the file that names them
  static List<Path> directories(String text, Path origin, String architecture) {
    List<Path> directories = new ArrayList<>();
    for (String directory : text.split(":", -1)) {
      if (!directory.isEmpty()) {
        directories.addAll(expand(directory, origin, architecture));
      }
    }
    return directories;
  }

  /// The paths that `text` may mean: `$ORIGIN`, `$LIB` and `$PLATFORM` are replaced, with or without
  /// braces.
  static List<Path> expand(String text, Path origin, String architecture) {
    String known = replace(replace(text, "ORIGIN", origin.toString()), "PLATFORM", architecture);
    if (!known.contains("$LIB") && !known.contains("${LIB}")) {
      return List.of(Path.of(known));
    }
    return SystemDirectories.libNames(architecture).stream()
        .map(lib -> Path.of(replace(known, "LIB", lib)))
        .toList();
  }

  private static String replace(String text, String word, String value) {
    return text.replace("${" + word + "}", value).replace("$" + word, value);
  }
}
