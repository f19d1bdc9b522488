package eris.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.ErisException;
import eris.ReadCapability;
import eris.testkit.Vector;
import eris.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The vectors in `conformance-vectors/`, which an independent codec made.
class OwnVectorsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("eris.root"), "conformance-vectors");

  static List<Vector> positive() {
    return Vectors.in(FOLDER.resolve("positive"));
  }

  static List<Vector> negative() {
    return Vectors.in(FOLDER.resolve("negative"));
  }

  static List<JsonNode> capabilities() {
    return Vectors.json(FOLDER.resolve("capabilities.json")).valueStream().toList();
  }

  @ParameterizedTest
  @MethodSource("positive")
  void positiveVectorEncodesDecodesAndWalks(Vector vector) throws IOException {
    VectorChecks.holds(vector);
  }

  @ParameterizedTest
  @MethodSource("negative")
  void negativeVectorRaisesItsErrorInItsTime(Vector vector) throws IOException {
    VectorChecks.Failure failure = VectorChecks.failureOf(vector);
    assertThat(failure.name()).isEqualTo(vector.expect());
    assertThat(failure.atOpen()).isEqualTo(vector.failsAtOpen());
  }

  @ParameterizedTest
  @MethodSource("negative")
  void walkFindsWhatIsWrongWithNegativeVector(Vector vector) throws IOException {
    if (vector.expect().equals("MalformedCapability")) {
      return; // nothing to walk
    }
    assertThat(VectorChecks.findingsOf(vector)).containsExactly(vector.expect());
  }

  @ParameterizedTest
  @MethodSource("capabilities")
  void capabilityIsParsedOrRefused(JsonNode example) throws IOException {
    String text = example.required("text").asString();
    if (example.required("valid").asBoolean()) {
      assertThat(ReadCapability.parse(text).toUrn()).isEqualTo(example.required("urn").asString());
    } else {
      assertThatThrownBy(() -> ReadCapability.parse(text))
          .as(example.required("why").asString())
          .isInstanceOf(ErisException.MalformedCapability.class);
    }
  }

  @Test
  void noneIsMissing() {
    assertThat(positive()).hasSize(55);
    assertThat(negative()).hasSize(96);
    assertThat(capabilities()).hasSizeGreaterThan(50);
  }
}
