package eris.image.closure;

import eris.format.Manifest.Naming;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a closure is to be made of.
///
/// @param roots programs, scripts or libraries
/// @param libraryPath directories that are searched before those of the system, as with
///     `LD_LIBRARY_PATH`
/// @param plugins what the roots open while they run, by the names they open it by
/// @param data files and directories, by their paths in the closure
/// @param keep names that stay in ELF files whatever the naming
/// @param commandPath directories where `#!/usr/bin/env NAME` looks, as with `PATH`
public record ClosureRequest(
    List<Path> roots,
    List<Path> libraryPath,
    SortedMap<String, Path> plugins,
    SortedMap<String, Path> data,
    Set<String> keep,
    List<Path> commandPath,
    Naming naming) {
  public ClosureRequest {
    roots = List.copyOf(roots);
    libraryPath = List.copyOf(libraryPath);
    plugins = Collections.unmodifiableSortedMap(new TreeMap<>(plugins));
    data = Collections.unmodifiableSortedMap(new TreeMap<>(data));
    keep = Set.copyOf(keep);
    commandPath = List.copyOf(commandPath);
    Objects.requireNonNull(naming);
  }

  /// The closure of programs, found as on this machine.
  public static ClosureRequest of(Naming naming, Path... roots) {
    return new ClosureRequest(
        List.of(roots),
        List.of(),
        new TreeMap<>(),
        new TreeMap<>(),
        Set.of(),
        List.of(Path.of("/usr/bin"), Path.of("/bin")),
        naming);
  }
}
