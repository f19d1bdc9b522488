package eris.image.closure;

import eris.image.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds libraries where the loader of glibc does (ld.so(8)): in the RPATH of the file that asks and
/// of those that it was loaded for, unless it has a RUNPATH; on the library path; in its RUNPATH; in
/// the directories of the system. Libraries of another architecture are passed over.
final class LibrarySearch {
  private final List<Path> libraryPath;
  private final SystemDirectories system;
  private final SourceFile.Cache files;

  LibrarySearch(List<Path> libraryPath, SystemDirectories system, SourceFile.Cache files) {
    this.libraryPath = List.copyOf(libraryPath);
    this.system = system;
    this.files = files;
  }

  /// Who asks for a library.
  ///
  /// @param path where the loader found it
  /// @param loader who asked for it; empty for the program itself
  record Asker(Path path, ElfFile elf, Optional<Asker> loader) {
    Path origin() {
      Path directory = path.toAbsolutePath().normalize().getParent();
      return directory == null ? Path.of("/") : directory;
    }
  }

  /// @param path where it was found, which need not be the first path to the file
  record Found(Path path, SourceFile file) {}

  /// The library that `asker` gets for `name`; empty if there is none.
  Optional<Found> find(String name, Asker asker) throws IOException {
    for (Path candidate : candidates(name, asker)) {
      if (Files.isRegularFile(candidate)) {
        SourceFile file = files.open(candidate);
        if (isFor(asker.elf(), file, candidate)) {
          return Optional.of(new Found(candidate, file));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isFor(ElfFile asker, SourceFile file, Path path) throws ClosureException {
    ElfFile elf =
        file.elf()
            .orElseThrow(
                () -> new ClosureException(path + ": is no ELF file, but a library was wanted"));
    return elf.architecture().equals(asker.architecture()) && elf.is64Bit() == asker.is64Bit();
  }

  private List<Path> candidates(String name, Asker asker) {
    if (name.contains("/")) {
      return RunPath.expand(name, asker.origin(), asker.elf().architecture());
    }
    return places(asker).keySet().stream().map(place -> place.resolve(name)).toList();
  }

  /// Where `asker`'s libraries are searched, each place with the reason, in order.
  Map<Path, String> places(Asker asker) {
    Map<Path, String> places = new LinkedHashMap<>();
    if (asker.elf().runpath().isEmpty()) {
      for (Optional<Asker> at = Optional.of(asker); at.isPresent(); at = at.get().loader()) {
        add(at.get(), places);
      }
    }
    libraryPath.forEach(place -> places.putIfAbsent(place, "library path"));
    asker.elf().runpath().ifPresent(path -> add(path, asker, "RUNPATH of " + asker.path(), places));
    for (Path place : system.forArchitecture(asker.elf().architecture())) {
      places.putIfAbsent(place, "system");
    }
    return places;
  }

  /// The RPATH of `asker`, which does not count beside a RUNPATH.
  private static void add(Asker asker, Map<Path, String> places) {
    if (asker.elf().runpath().isEmpty()) {
      asker.elf().rpath().ifPresent(path -> add(path, asker, "RPATH of " + asker.path(), places));
    }
  }

  private static void add(String text, Asker asker, String why, Map<Path, String> places) {
    for (Path place : RunPath.directories(text, asker.origin(), asker.elf().architecture())) {
      places.putIfAbsent(place, why);
    }
  }

  /// What is wrong when [#find] finds nothing.
  ClosureException missing(String name, Asker asker) {
    List<String> searched = new ArrayList<>();
    if (name.contains("/")) {
      candidates(name, asker).forEach(path -> searched.add(path.toString()));
    } else {
      places(asker).forEach((place, why) -> searched.add("%s (%s)".formatted(place, why)));
    }
    return new ClosureException(
        "%s, which %s needs, is missing: searched %s"
            .formatted(name, asker.path(), Places.list(searched)));
  }
}
