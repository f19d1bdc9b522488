package eris.image.closure;

import eris.ReadCapability;
import eris.format.Manifest.Naming;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// By which names the ELF files of a closure ask for libraries.
///
/// A library is renamed for all who need it or for none: under two names it would be loaded twice.
final class ClosureNames {
  private final Naming naming;
  private final Set<String> keep;

  /// @throws ClosureException if a name is to be kept that nothing has
  ClosureNames(ClosureRequest request, Collection<ClosureFile> files) throws ClosureException {
    this.naming = request.naming();
    this.keep = request.keep();
    Set<String> unknown = new HashSet<>(keep);
    files.forEach(file -> unknown.removeAll(file.names()));
    if (!unknown.isEmpty()) {
      throw new ClosureException(
          "nothing in the closure is called "
              + unknown.stream().sorted().collect(Collectors.joining(", ")));
    }
  }

  Naming naming() {
    return naming;
  }

  /// The files, each after those whose names will stand in it.
  List<ClosureFile> order(Collection<ClosureFile> files) throws ClosureException {
    return NameOrder.of(
        files, file -> file.needs().values().stream().filter(this::isRenamed).toList());
  }

  /// New names of what `file` needs, by the old ones.
  Map<String, String> renames(ClosureFile file, Function<ClosureFile, ReadCapability> capability) {
    Map<String, String> renames = new TreeMap<>();
    file.needs()
        .forEach(
            (name, target) -> {
              if (isRenamed(target)) {
                renames.put(name, name(capability.apply(target)));
              }
            });
    return renames;
  }

  private boolean isRenamed(ClosureFile library) {
    return naming != Naming.ROUTE
        && library.names().stream()
            .noneMatch(name -> keep.contains(name) || ImagePath.isFixed(name));
  }

  private String name(ReadCapability capability) {
    return naming == Naming.URN ? capability.toUrn() : capability.handle().toString();
  }
}
