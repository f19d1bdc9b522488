package eris.image.closure;

import eris.format.Manifest;
import eris.image.elf.ElfFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// A file that belongs to a closure, and what it asks for. Filled by [ClosureScan], then read.
final class ClosureFile {
  private final String path;
  private final Manifest.Type type;
  private final Path place;
  private final Optional<SourceFile> source;
  private final Set<String> names = new TreeSet<>();
  private final SortedMap<String, ClosureFile> needs = new TreeMap<>();
  private final SortedMap<String, ClosureFile> plugins = new TreeMap<>();
  private Optional<ClosureFile> interpreter = Optional.empty();
  private Optional<String> interpreterArgument = Optional.empty();

  private ClosureFile(String path, Manifest.Type type, Path place, Optional<SourceFile> source) {
    this.path = path;
    this.type = type;
    this.place = place;
    this.source = source;
    names.add(ImagePath.lastName(path));
    elf().flatMap(ElfFile::soname).ifPresent(names::add);
  }

  /// @param path in the closure
  static ClosureFile of(String path, Manifest.Type type, SourceFile source) {
    return new ClosureFile(path, type, source.path(), Optional.of(source));
  }

  static ClosureFile ofDirectory(String path, Path directory) {
    return new ClosureFile(path, Manifest.Type.TREE, directory, Optional.empty());
  }

  String path() {
    return path;
  }

  Manifest.Type type() {
    return type;
  }

  /// Where it is on this machine.
  Path place() {
    return place;
  }

  /// Empty for a directory.
  Optional<SourceFile> source() {
    return source;
  }

  Optional<ElfFile> elf() {
    return source.flatMap(SourceFile::elf);
  }

  /// All names by which it is asked for, its SONAME among them.
  Set<String> names() {
    return names;
  }

  /// By the names in the file.
  SortedMap<String, ClosureFile> needs() {
    return needs;
  }

  SortedMap<String, ClosureFile> plugins() {
    return plugins;
  }

  Optional<ClosureFile> interpreter() {
    return interpreter;
  }

  Optional<String> interpreterArgument() {
    return interpreterArgument;
  }

  void setInterpreter(ClosureFile file, Optional<String> argument) {
    interpreter = Optional.of(file);
    interpreterArgument = argument;
  }

  /// @throws ClosureException if another component gets another file for the name
  void addNeed(String name, ClosureFile target) throws ClosureException {
    ClosureFile known = needs.putIfAbsent(name, target);
    if (known != null && known != target) {
      throw new ClosureException(
          "duplicate %s: %s needs %s in one program and %s in another; make a closure of each"
              .formatted(name, place, known.place, target.place));
    }
    target.names.add(ImagePath.lastName(name));
  }
}
