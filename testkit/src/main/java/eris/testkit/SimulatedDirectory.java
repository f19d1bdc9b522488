package eris.testkit;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A directory on a disk that forgets names, each by itself.
final class SimulatedDirectory implements SimulatedNode {
  /// What each name stood for: the durable state first, the present one last.
  private final Map<String, List<Optional<SimulatedNode>>> histories = new TreeMap<>();

  private boolean doomed;

  static IOException missing(String path) {
    return new NoSuchFileException(path);
  }

  Optional<SimulatedFile> file(String path) throws IOException {
    return find(path).filter(SimulatedFile.class::isInstance).map(SimulatedFile.class::cast);
  }

  boolean isDirectory(String path) throws IOException {
    return find(path).orElse(null) instanceof SimulatedDirectory;
  }

  SimulatedDirectory directory(String path) throws IOException {
    if (find(path).orElse(null) instanceof SimulatedDirectory directory) {
      return directory;
    }
    throw missing(path);
  }

  SimulatedNode node(String path) throws IOException {
    return find(path).orElseThrow(() -> missing(path));
  }

  void create(String path, SimulatedNode node) throws IOException {
    if (find(path).isPresent()) {
      throw new FileAlreadyExistsException(path);
    }
    replace(path, node);
  }

  void replace(String path, SimulatedNode node) throws IOException {
    directory(parent(path)).set(name(path), Optional.of(node));
  }

  void remove(String path) throws IOException {
    Optional<SimulatedNode> node = find(path);
    if (node.orElse(null) instanceof SimulatedDirectory directory && !directory.names().isEmpty()) {
      throw new DirectoryNotEmptyException(path);
    }
    if (node.isPresent()) {
      directory(parent(path)).set(name(path), Optional.empty());
    }
  }

  List<String> names() {
    return histories.entrySet().stream()
        .filter(entry -> entry.getValue().getLast().isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  private Optional<SimulatedNode> find(String path) {
    if (path.isEmpty()) {
      return Optional.of(this);
    }
    return find(parent(path)).flatMap(parent -> child(parent, name(path)));
  }

  private static Optional<SimulatedNode> child(SimulatedNode parent, String name) {
    return switch (parent) {
      case SimulatedFile _ -> Optional.empty();
      case SimulatedDirectory directory ->
          directory.histories.getOrDefault(name, List.of(Optional.empty())).getLast();
    };
  }

  private void set(String name, Optional<SimulatedNode> node) {
    histories.computeIfAbsent(name, _ -> new ArrayList<>(List.of(Optional.empty()))).add(node);
  }

  @Override
  public void flush() {
    if (!doomed) {
      histories.values().forEach(history -> history.subList(0, history.size() - 1).clear());
      histories.values().removeIf(history -> history.getLast().isEmpty());
    }
  }

  @Override
  public void doom() {
    doomed = true;
  }

  @Override
  public SimulatedDirectory afterCrash(RandomGenerator random) {
    var after = new SimulatedDirectory();
    histories.forEach(
        (name, history) -> {
          Optional<SimulatedNode> found = history.get(random.nextInt(history.size()));
          found.ifPresent(node -> after.histories.put(name, durable(node.afterCrash(random))));
        });
    return after;
  }

  private static List<Optional<SimulatedNode>> durable(SimulatedNode node) {
    return new ArrayList<>(List.of(Optional.of(node)));
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
