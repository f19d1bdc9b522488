package eris.format;

import eris.Handle;
import eris.ReadCapability;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
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
/// `lib/libc.so.6`. Every path that is mentioned is that of a file in it, and none leads through
/// another. What does not keep the rules does not exist as a value.
///
/// As secret as the capabilities in it: `toString` redacts.
///
/// @param architecture of all its ELF files, as `uname -m` spells it: `x86_64`, `aarch64`
/// @param roots the programs that it was made for, at least one
/// @param files by path
/// @param aliases further names by which a component may ask for a file, to its path
public record Manifest(
    String architecture,
    Naming naming,
    List<String> roots,
    SortedMap<String, Entry> files,
    SortedMap<String, String> aliases) {

  /// @throws IllegalArgumentException if a rule is broken
  public Manifest {
    Objects.requireNonNull(naming);
    roots = List.copyOf(roots);
    files = sorted(files);
    aliases = sorted(aliases);
    ManifestRules.flaw(architecture, naming, roots, files, aliases).ifPresent(Manifest::refuse);
  }

  /// By which names ELF files ask for libraries.
  public enum Naming {
    /// Their own: the files are stored as they were, and a table per component leads to objects.
    ROUTE,
    /// Handles: the names in the files are rewritten.
    HANDLE,
    /// URNs, as history has it: the names in the files are rewritten, and hold read capabilities.
    URN;

    /// As manifests and options spell it.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Naming> parse(String text) {
      return Stream.of(values()).filter(naming -> naming.text().equals(text)).findFirst();
    }
  }

  /// What kind of content a file is.
  public enum Type {
    ELF,
    SCRIPT,
    DATA,
    /// A directory, as [ErisFs].
    TREE;

    /// As manifests spell it.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Type> parse(String text) {
      return Stream.of(values()).filter(type -> type.text().equals(text)).findFirst();
    }
  }

  /// One file. As secret as the capability in it, and the names if they are URNs: `toString` redacts.
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

    /// @throws IllegalArgumentException if a rule is broken
    public Entry {
      Objects.requireNonNull(content);
      needs = sorted(needs);
      plugins = sorted(plugins);
      ManifestRules.flaw(content, size, type, needs, interpreter, interpreterArgument, plugins)
          .ifPresent(Manifest::refuse);
    }

    /// A file that asks for nothing.
    public static Entry of(ReadCapability content, long size, Type type) {
      SortedMap<String, String> none = new TreeMap<>();
      return new Entry(content, size, type, none, Optional.empty(), Optional.empty(), none);
    }

    public Handle handle() {
      return content.handle();
    }

    /// The paths of all that this file asks for, each once.
    public NavigableSet<String> targets() {
      NavigableSet<String> targets = new TreeSet<>(needs.values());
      interpreter.ifPresent(targets::add);
      targets.addAll(plugins.values());
      return targets;
    }

    @Override
    public String toString() {
      return "Entry[%s, %d bytes, redacted]".formatted(type.text(), size);
    }
  }

  /// What is not a manifest. The message holds no capability and no name.
  public static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1;

    public MalformedException(String detail) {
      super("malformed manifest: " + detail);
    }

    MalformedException(IOException cause) {
      super("malformed manifest: " + cause.getMessage(), cause);
    }
  }

  /// Decodes the form that [#encode] gives, and no other. Takes memory in proportion to `encoded`:
  /// the caller limits its size before fetching it.
  ///
  /// @throws MalformedException if `encoded` is anything else
  public static Manifest decode(byte[] encoded) throws MalformedException {
    return ManifestReader.read(encoded);
  }

  /// The deterministic encoding; equal manifests give equal bytes. Holds the capabilities in the
  /// clear.
  public byte[] encode() {
    return ManifestWriter.toCbor(this).encode();
  }

  /// The paths of all that the file at `path` needs, directly or not, without itself unless it is
  /// part of a cycle.
  ///
  /// @throws IllegalArgumentException if there is no such file
  public NavigableSet<String> closureOf(String path) {
    return closureOf(path, Integer.MAX_VALUE);
  }

  /// As [#closureOf(String)], but ends the search where it holds more than `maxCount` paths: what a
  /// stranger claims to be the closure is checked with work in proportion to the claim.
  public NavigableSet<String> closureOf(String path, int maxCount) {
    NavigableSet<String> found = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(path));
    while (!open.isEmpty() && found.size() <= maxCount) {
      file(open.pop()).targets().stream().filter(found::add).forEach(open::push);
    }
    return found;
  }

  /// @throws IllegalArgumentException if there is no such file
  public Entry file(String path) {
    Entry entry = files.get(path);
    if (entry == null) {
      throw new IllegalArgumentException("no such file in the manifest");
    }
    return entry;
  }

  @Override
  public String toString() {
    return "Manifest[%d files, redacted]".formatted(files.size());
  }

  /// In the order of UTF-16 code units, whatever the argument's.
  private static <V> SortedMap<String, V> sorted(SortedMap<String, V> map) {
    var sorted = new TreeMap<String, V>();
    sorted.putAll(map);
    return Collections.unmodifiableSortedMap(sorted);
  }

  private static void refuse(String flaw) {
    throw new IllegalArgumentException(flaw);
  }
}
