package eris.image.closure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The directories where the loader looks at last: those of `/etc/ld.so.conf` and of the files that
/// it includes, then its own.
///
/// Read from there and not from `/etc/ld.so.cache`, which is made of the same. Subdirectories for
/// certain processors (`glibc-hwcaps`) are left out: a closure is for all.
record SystemDirectories(List<Path> configured) {
  private static final int MAX_DEPTH = 8;

  SystemDirectories {
    configured = List.copyOf(configured);
  }

  /// @param configuration `/etc/ld.so.conf`; none if it is not there
  static SystemDirectories read(Path configuration) throws IOException {
    Set<Path> directories = new LinkedHashSet<>();
    read(configuration, directories, 1);
    return new SystemDirectories(List.copyOf(directories));
  }

  private static void read(Path configuration, Set<Path> directories, int depth)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw new ClosureException(configuration + ": includes nest too deep");
    }
    for (String line : lines(configuration)) {
      String text = line.replaceFirst("#.*", "").strip();
      if (text.matches("include\\s.*")) {
        for (Path included : matching(configuration, text.substring("include".length()).strip())) {
          read(included, directories, depth + 1);
        }
      } else if (text.startsWith("/")) {
        Stream.of(text.split("[\\s:,]+", -1))
            .map(directory -> Path.of(directory.replaceFirst("=.*", "")))
            .forEach(directories::add);
      }
    }
  }

  private static List<String> lines(Path configuration) throws IOException {
    try {
      return new String(Files.readAllBytes(configuration), StandardCharsets.UTF_8).lines().toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  private static List<Path> matching(Path configuration, String patterns) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String pattern : patterns.split("\\s+", -1)) {
      Path path = configuration.resolveSibling(pattern);
      Path directory = path.getParent();
      if (directory != null && Files.isDirectory(directory)) {
        try (DirectoryStream<Path> found =
            Files.newDirectoryStream(directory, String.valueOf(path.getFileName()))) {
          List<Path> sorted = new ArrayList<>();
          for (Path file : found) {
            boolean hidden = String.valueOf(file.getFileName()).startsWith(".");
            if (!hidden || pattern.contains("/.")) { // as glob(7) has it
              sorted.add(file);
            }
          }
          sorted.stream().sorted().forEach(files::add);
        }
      }
    }
    return files;
  }

  /// All of them for programs of an architecture.
  List<Path> forArchitecture(String architecture) {
    String triplet = triplet(architecture);
    Set<Path> directories = new LinkedHashSet<>(configured);
    for (String directory : List.of("lib/" + triplet, "lib64", "lib")) {
      directories.add(Path.of("/" + directory));
      directories.add(Path.of("/usr/" + directory));
    }
    return List.copyOf(directories);
  }

  /// What `$LIB` may stand for, most likely first.
  static List<String> libNames(String architecture) {
    return List.of("lib/" + triplet(architecture), "lib64", "lib");
  }

  private static String triplet(String architecture) {
    return switch (architecture) {
      case "i686" -> "i386-linux-gnu";
      case "armv7l" -> "arm-linux-gnueabihf";
      case "ppc64le" -> "powerpc64le-linux-gnu";
      default -> architecture + "-linux-gnu";
    };
  }
}
