package eris.cli;

import eris.format.Manifest;
import java.util.List;
import java.util.Optional;

/// Which program of a manifest is meant.
final class Components {
  private Components() {}

  /// The program that `named` names by its path or the last part of it; else the only root.
  ///
  /// @param option by which to name it, for who has not
  /// @throws Failure if it is not clear which
  static String choose(Manifest manifest, Optional<String> named, String option) throws Failure {
    if (named.isPresent()) {
      return find(manifest, named.get());
    }
    if (manifest.roots().size() == 1) {
      return manifest.roots().getFirst();
    }
    throw new Failure(
        ExitCode.USAGE,
        "the manifest has several programs: " + String.join(", ", manifest.roots()),
        "name one with " + option);
  }

  private static String find(Manifest manifest, String name) throws Failure {
    if (manifest.files().containsKey(name)) {
      return name;
    }
    List<String> found = pathsEndingIn(name, manifest.roots());
    if (found.isEmpty()) {
      found = pathsEndingIn(name, List.copyOf(manifest.files().keySet()));
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new Failure(
        ExitCode.USAGE,
        found.isEmpty()
            ? "the manifest has no " + name
            : "%s may be %s".formatted(name, String.join(", ", found)));
  }

  private static List<String> pathsEndingIn(String name, List<String> paths) {
    return paths.stream().filter(path -> path.endsWith("/" + name)).toList();
  }
}
