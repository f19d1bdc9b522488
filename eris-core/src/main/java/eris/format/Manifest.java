package eris.format;

import eris.Handle;
import eris.ReadCapability;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A closure: programs, all they need, and by which name each asks for what
/// (docs/formats/manifest.md).
///
/// Paths in it are relative, of names that [ErisFs.Path] allows, joined by `/`: `bin/tor`,
/// `lib/libc.so.6`. Every path that is mentioned is that of a file in it.
///
/// As secret as the capabilities in it: `toString` redacts.
///
/// @param architecture of all its ELF files, as `uname -m` spells it: `x86_64`, `aarch64`
/// @param roots the programs that it was made for
/// @param files by path
/// @param aliases further names by which a component may ask for a file, to its path
public record Manifest(
    String architecture,
    Naming naming,
    List<String> roots,
    SortedMap<String, Entry> files,
    SortedMap<String, String> aliases) {

  /// By which names ELF files ask for libraries.
  public enum Naming {
    /// Their own: the files are stored as they were, and a table per component leads to objects.
    ROUTE,
    /// Handles: the names in the files are rewritten.
    HANDLE,
    /// URNs, as history has it: the names in the files are rewritten, and hold read capabilities.
    URN
  }

  /// What kind of content a file is.
  public enum Type {
    ELF,
    SCRIPT,
    DATA,
    /// A directory, as [ErisFs].
    TREE
  }

  /// One file.
  ///
  /// @param size of the content in bytes
  /// @param needs the libraries that an ELF file asks for, by the names that stand in it
  /// @param interpreter the dynamic loader of an ELF program, or what runs a script
  /// @param interpreterArgument the one argument that a script gives its interpreter
  /// @param plugins what it opens while it runs, by the name it asks for
  public record Entry(
      ReadCapability content,
      long size,
      Type type,
      SortedMap<String, String> needs,
      Optional<String> interpreter,
      Optional<String> interpreterArgument,
      SortedMap<String, String> plugins) {
    public Entry {
      Objects.requireNonNull(content);
      Objects.requireNonNull(type);
      if (size < 0) {
        throw new IllegalArgumentException("size %d is negative".formatted(size));
      }
      needs = Collections.unmodifiableSortedMap(new TreeMap<>(needs));
      plugins = Collections.unmodifiableSortedMap(new TreeMap<>(plugins));
    }

    public Handle handle() {
      return new Handle(content.root().reference());
    }

    Stream<String> targets() {
      return Stream.of(needs.values().stream(), interpreter.stream(), plugins.values().stream())
          .flatMap(paths -> paths);
    }
  }

  public Manifest {
    Objects.requireNonNull(architecture);
    Objects.requireNonNull(naming);
    roots = List.copyOf(roots);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    aliases = Collections.unmodifiableSortedMap(new TreeMap<>(aliases));
  }

  /// The paths of all that the file at `path` needs, directly or not, without itself unless it is
  /// part of a cycle.
  public NavigableSet<String> closureOf(String path) {
    NavigableSet<String> found = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(path));
    while (!open.isEmpty()) {
      Entry entry = Objects.requireNonNull(files.get(open.pop()));
      entry.targets().filter(found::add).forEach(open::push);
    }
    return found;
  }

  @Override
  public String toString() {
    return "Manifest[%d files, redacted]".formatted(files.size());
  }
}
