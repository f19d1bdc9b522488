package eris.image.elf;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What is to be different in an ELF file.
///
/// @param needed new names of needed libraries, by their old ones; what a file does not need is not
///     looked at. Names of files in the needs of versions follow
/// @param runPath what becomes of the run-path
/// @param soname the new `DT_SONAME`
/// @param interpreter the new `PT_INTERP`
/// @param system whose loader is to load it
public record ElfEdits(
    Map<String, String> needed,
    RunPath runPath,
    Optional<String> soname,
    Optional<String> interpreter,
    LoadingSystem system) {
  /// Genode's dynamic loader, which keeps its name: it is what resolves the others.
  static final String GENODE_LOADER = "ld.lib.so";

  /// Which loader a file is laid out for.
  public enum LoadingSystem {
    LINUX,
    /// Segments are readable, and either writable or executable.
    GENODE
  }

  /// What becomes of `DT_RPATH` and `DT_RUNPATH`.
  public sealed interface RunPath {
    /// As they are.
    record Keep() implements RunPath {}

    /// Neither is there.
    record Remove() implements RunPath {}

    /// A `DT_RUNPATH` and no `DT_RPATH`.
    record Set(String path) implements RunPath {}
  }

  /// @throws IllegalArgumentException if a name is empty, is longer than 4095 bytes (a run-path:
  ///     65536) or has a zero byte, or if Genode's loader is renamed
  public ElfEdits {
    needed = Map.copyOf(needed);
    new TreeMap<>(needed).forEach(ElfEdits::checkReplacement);
    soname.ifPresent(name -> check("soname", name, StringTable.MAX_NAME_BYTES));
    interpreter.ifPresent(name -> check("interpreter", name, StringTable.MAX_NAME_BYTES));
    if (runPath instanceof RunPath.Set(String path)) {
      check("run-path", path, StringTable.MAX_PATH_BYTES);
    }
  }

  /// No difference.
  public static ElfEdits none() {
    return new ElfEdits(
        Map.of(), new RunPath.Keep(), Optional.empty(), Optional.empty(), LoadingSystem.LINUX);
  }

  public ElfEdits withNeeded(Map<String, String> names) {
    return new ElfEdits(names, runPath, soname, interpreter, system);
  }

  public ElfEdits withRunPath(RunPath changed) {
    return new ElfEdits(needed, changed, soname, interpreter, system);
  }

  public ElfEdits withSoname(String name) {
    return new ElfEdits(needed, runPath, Optional.of(name), interpreter, system);
  }

  public ElfEdits withInterpreter(String path) {
    return new ElfEdits(needed, runPath, soname, Optional.of(path), system);
  }

  public ElfEdits forSystem(LoadingSystem other) {
    return new ElfEdits(needed, runPath, soname, interpreter, other);
  }

  /// Without names, which may be capabilities.
  @Override
  public String toString() {
    return "ElfEdits[%d names, redacted]".formatted(needed.size());
  }

  /// The name that a needed library has from now on.
  String renamed(String name) {
    return needed.getOrDefault(name, name);
  }

  private static void checkReplacement(String before, String after) {
    check("name", before, StringTable.MAX_NAME_BYTES);
    check("name", after, StringTable.MAX_NAME_BYTES);
    if (before.equals(GENODE_LOADER) && !after.equals(before)) {
      throw new IllegalArgumentException(GENODE_LOADER + " keeps its name");
    }
  }

  private static void check(String what, String text, int maxBytes) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (text.isEmpty()) {
      throw new IllegalArgumentException("an empty " + what);
    }
    if (bytes > maxBytes) {
      throw new IllegalArgumentException(
          "a %s of %d bytes, want at most %d".formatted(what, bytes, maxBytes));
    }
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a %s with a zero byte".formatted(what));
    }
  }
}
