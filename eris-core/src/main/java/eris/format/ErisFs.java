package eris.format;

import eris.ReadCapability;
import eris.cbor.Cbor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A tree of files, each with a read capability of its own (EER eris-fs). A directory is there
/// because something is in it.
///
/// What is unsafe to unpack does not exist as a value: see [Path] for names, and no path leads
/// through a file or a symbolic link of the same tree. Where a symbolic link points is free, also to
/// the outside: who follows one decides.
///
/// As secret as the capabilities in it: `toString` redacts.
public record ErisFs(SortedMap<Path, Entry> entries) {
  static final long TAG = 0x65726974; // "erit"
  static final long CAPABILITY_TAG = 276;
  static final long VERSION = 1;
  static final long FILE = 0;
  static final long EXECUTABLE = 1;
  static final long SYMBOLIC_LINK = 2;

  /// @throws IllegalArgumentException if a path leads through another one
  public ErisFs {
    var sorted = new TreeMap<Path, Entry>(); // in our order, whatever the argument's
    sorted.putAll(entries);
    flaw(sorted).ifPresent(ErisFs::refuse);
    entries = Collections.unmodifiableSortedMap(sorted);
  }

  /// Where an entry is: the names of the directories from the root, then its own.
  ///
  /// A name is not empty, not `.` or `..`, and without `/` and NUL. Nothing else is refused: names
  /// may hold line ends or escape sequences, which who prints them escapes, and may be equal on a
  /// file system that ignores case, which who writes them checks.
  ///
  /// Paths order name by name, so that a directory and all in it are neighbours.
  public record Path(List<String> names) implements Comparable<Path> {
    /// @throws IllegalArgumentException if there is no name, or one that is not allowed
    public Path {
      names = List.copyOf(names);
      flaw(names).ifPresent(ErisFs::refuse);
    }

    public static Path of(String... names) {
      return new Path(List.of(names));
    }

    /// Whether `that` is in the directory that this would be, at any depth.
    boolean isAbove(Path that) {
      int depth = names.size();
      return depth < that.names.size() && that.names.subList(0, depth).equals(names);
    }

    @Override
    public int compareTo(Path that) {
      int shared = Math.min(names.size(), that.names.size());
      for (int i = 0; i < shared; i++) {
        int order = names.get(i).compareTo(that.names.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(names.size(), that.names.size());
    }

    static Optional<String> flaw(List<String> names) {
      return names.isEmpty()
          ? Optional.of("a path without names")
          : names.stream().flatMap(name -> flaw(name).stream()).findFirst();
    }

    private static Optional<String> flaw(String name) {
      if (name.isEmpty()) {
        return Optional.of("an empty name in a path");
      }
      if (name.equals(".") || name.equals("..")) {
        return Optional.of("the name '%s' in a path".formatted(name));
      }
      if (name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
        return Optional.of("a name with '/' or NUL in a path");
      }
      return hasUtf8(name) ? Optional.empty() : Optional.of("a name without UTF-8 form in a path");
    }
  }

  /// What a path leads to.
  public sealed interface Entry {}

  public record File(ReadCapability content) implements Entry {
    public File {
      Objects.requireNonNull(content);
    }
  }

  /// A file that may be run.
  public record Executable(ReadCapability content) implements Entry {
    public Executable {
      Objects.requireNonNull(content);
    }
  }

  /// A symbolic link. `target` is as the operating system has it: relative to the link's directory
  /// unless it starts with `/`.
  public record SymbolicLink(String target) implements Entry {
    /// @throws IllegalArgumentException if `target` is empty or holds NUL
    public SymbolicLink {
      flaw(target).ifPresent(ErisFs::refuse);
    }

    static Optional<String> flaw(String target) {
      return target.isEmpty() || target.indexOf('\0') >= 0 || !hasUtf8(target)
          ? Optional.of("a link target that is empty, with NUL or without UTF-8 form")
          : Optional.empty();
    }
  }

  /// Bytes that are not an ERIS-FS. The message holds no capability and no path.
  public static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedException(String detail) {
      super("malformed ERIS-FS: " + detail);
    }

    MalformedException(IOException cause) {
      super("malformed ERIS-FS: " + cause.getMessage(), cause);
    }
  }

  /// Decodes the form that [#encode] gives, and no other. Takes memory in proportion to `encoded`:
  /// the caller limits its size before fetching it.
  ///
  /// @throws MalformedException if `encoded` is anything else
  public static ErisFs decode(byte[] encoded) throws MalformedException {
    return ErisFsReader.read(encoded);
  }

  /// The deterministic encoding; equal trees give equal bytes. Holds the capabilities in the clear.
  public byte[] encode() {
    List<Cbor.Entry> encoded = new ArrayList<>(entries.size());
    for (Map.Entry<Path, Entry> entry : entries.entrySet()) {
      encoded.add(new Cbor.Entry(toCbor(entry.getKey()), toCbor(entry.getValue())));
    }
    return new Cbor.Tag(TAG, Cbor.Array.of(new Cbor.Int(VERSION), new Cbor.Map(encoded))).encode();
  }

  private static Cbor toCbor(Path path) {
    return new Cbor.Array(path.names().stream().<Cbor>map(Cbor.Text::new).toList());
  }

  private static Cbor toCbor(Entry entry) {
    return switch (entry) {
      case File(var content) -> Cbor.Array.of(new Cbor.Int(FILE), toCbor(content));
      case Executable(var content) -> Cbor.Array.of(new Cbor.Int(EXECUTABLE), toCbor(content));
      case SymbolicLink(var target) ->
          Cbor.Array.of(new Cbor.Int(SYMBOLIC_LINK), new Cbor.Text(target));
    };
  }

  private static Cbor toCbor(ReadCapability capability) {
    return new Cbor.Tag(CAPABILITY_TAG, Cbor.Bytes.copyOf(capability.toBytes()));
  }

  @Override
  public String toString() {
    return "ErisFs[%d entries, redacted]".formatted(entries.size());
  }

  /// In the order of paths, all that lies below a path follows it at once.
  static Optional<String> flaw(SortedMap<Path, Entry> sorted) {
    Path previous = null;
    for (Path path : sorted.keySet()) {
      if (previous != null && previous.isAbove(path)) {
        return Optional.of("a path that leads through another entry");
      }
      previous = path;
    }
    return Optional.empty();
  }

  private static boolean hasUtf8(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static void refuse(String flaw) {
    throw new IllegalArgumentException(flaw);
  }
}
