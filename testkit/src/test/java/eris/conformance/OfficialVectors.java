package eris.conformance;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import eris.testkit.Vector;
import eris.testkit.Vectors;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the official vectors and the large contents lie: beside the repository, because they are
/// not ours. A test that needs them is skipped without them, but fails where they are required.
final class OfficialVectors {
  static final int POSITIVE = 13;
  static final int COUNT = 25;

  private static final Path FOLDER = folder();

  private OfficialVectors() {}

  static Vector read(int id) {
    String type = id < POSITIVE ? "positive" : "negative";
    return Vectors.read(file("official/eris-test-vector-%s-%02d.json".formatted(type, id)));
  }

  static Path file(String name) {
    Path file = FOLDER.resolve(name);
    if (!Files.exists(file)) {
      if (isRequired()) {
        fail("required, but not found: %s", file);
      }
      abort("skipped, not found: " + file);
    }
    return file;
  }

  static boolean arePresent() {
    return Files.isDirectory(FOLDER);
  }

  /// `-Deris.conformance=…` names another folder than the usual one.
  private static Path folder() {
    Path usual = Path.of(System.getProperty("eris.root")).resolve("../shared/conformance");
    return Path.of(System.getProperty("eris.conformance", usual.toString())).normalize();
  }

  private static boolean isRequired() {
    return "true".equals(System.getenv("CI")) || Boolean.getBoolean("eris.conformance.required");
  }
}
