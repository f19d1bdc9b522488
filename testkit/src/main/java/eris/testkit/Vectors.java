package eris.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads conformance vectors: the official ones and our own.
public final class Vectors {
  private static final JsonMapper JSON = new JsonMapper();

  private Vectors() {}

  /// The vector in `file`.
  public static Vector read(Path file) {
    return new Vector(json(file));
  }

  /// The vectors in `file`, which holds an array of them.
  public static List<Vector> readAll(Path file) {
    return json(file).valueStream().map(Vector::new).toList();
  }

  /// The vectors in the JSON files of `folder`, in the order of the names of the files.
  public static List<Vector> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(Vectors::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Any JSON file.
  public static JsonNode json(Path file) {
    return JSON.readTree(file.toFile());
  }
}
