package eris.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import eris.testkit.Vector;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The 25 vectors of ERIS 1.0.0.
class OfficialVectorsTest {
  private static final System.Logger LOG = System.getLogger("eris.conformance");

  @BeforeAll
  static void tellIfSkipped() {
    if (!OfficialVectors.arePresent()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "official vectors not found: {0} skipped",
          OfficialVectors.COUNT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void positiveVectorEncodesDecodesAndWalks(int id) throws IOException {
    VectorChecks.holds(OfficialVectors.read(id));
  }

  @ParameterizedTest
  @CsvSource({
    "13, MissingBlock",
    "14, CorruptBlock",
    "15, MissingBlock",
    "16, CorruptBlock",
    "17, WrongKey",
    "18, WrongKey",
    "19, MalformedTree",
    "20, CorruptBlock",
    "21, CorruptBlock",
    "22, MalformedTree",
    "23, MalformedTree",
    "24, MalformedTree",
  })
  void negativeVectorRaisesItsError(int id, String expect) throws IOException {
    Vector vector = OfficialVectors.read(id);
    assertThat(VectorChecks.failureOf(vector).name()).isEqualTo(expect);
    assertThat(VectorChecks.findingsOf(vector)).containsExactly(expect);
  }

  @Test
  void thereAreNoMoreThanThese() {
    assertThat(
            OfficialVectors.file("official")
                .toFile()
                .list((_, name) -> name.startsWith("eris-test-vector-")))
        .hasSize(OfficialVectors.COUNT);
  }
}
