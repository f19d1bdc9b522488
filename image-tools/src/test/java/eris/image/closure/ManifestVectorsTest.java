package eris.image.closure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.Base32;
import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.codec.Encoder;
import eris.format.Manifest;
import eris.testkit.Vectors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `conformance-vectors/manifests.json`, which an independent reader and writer made.
final class ManifestVectorsTest {
  private static final Path FILE =
      Path.of(System.getProperty("eris.root"), "conformance-vectors", "manifests.json");

  static List<JsonNode> valid() {
    return Vectors.json(FILE)
        .valueStream()
        .filter(vector -> vector.path("valid").asBoolean())
        .toList();
  }

  static List<JsonNode> invalid() {
    return Vectors.json(FILE)
        .valueStream()
        .filter(vector -> !vector.path("valid").asBoolean())
        .toList();
  }

  @Test
  void thereAreManyOfBoth() {
    assertThat(valid()).hasSizeGreaterThan(5);
    assertThat(invalid()).hasSizeGreaterThan(100);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void bothFormsAreReadAndWrittenAsTheyAre(JsonNode vector) throws Exception {
    byte[] cbor = Base32.decode(vector.path("cbor").asString());
    String json = vector.path("json").asString();

    Manifest manifest = Manifest.decode(cbor);
    assertThat(manifest.encode()).isEqualTo(cbor);
    assertThat(ManifestJson.write(manifest)).isEqualTo(json);
    assertThat(ManifestJson.read(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(manifest);
    assertThat(urnOf(cbor)).isEqualTo(vector.path("urn").asString());
  }

  /// What a file that needs nothing has no list of, and nothing that looks like one.
  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"x\"", "5", "null", "{}"})
  void aClosureIsAListThatIsNotEmpty(String closure) {
    String json =
        valid().stream()
            .map(vector -> vector.path("json").asString())
            .filter(text -> text.contains("\"type\": \"data\""))
            .findFirst()
            .orElseThrow();
    String claimed =
        json.replace("\"type\": \"data\"", "\"type\": \"data\", \"closure\": " + closure);
    assertThatThrownBy(() -> ManifestJson.read(claimed.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Manifest.MalformedException.class)
        .hasMessageContaining("closure");
  }

  private static String urnOf(byte[] content) throws IOException {
    return new Encoder(BlockSize.recommendedFor(content.length), (_, _) -> {})
        .encode(new ByteArrayInputStream(content), ConvergenceSecret.nullSecret())
        .toUrn();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void whatIsNoManifestIsRefused(JsonNode vector) throws Exception {
    if (vector.has("cbor")) {
      byte[] cbor = Base32.decode(vector.path("cbor").asString());
      assertThatThrownBy(() -> Manifest.decode(cbor))
          .isInstanceOf(Manifest.MalformedException.class)
          .hasMessageStartingWith("malformed manifest: ")
          .hasMessageNotContaining("urn:eris:B");
    } else {
      byte[] json = vector.path("json").asString().getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> ManifestJson.read(json))
          .isInstanceOf(Manifest.MalformedException.class)
          .hasMessageStartingWith("malformed manifest: ")
          .hasMessageNotContaining("urn:eris:B");
    }
  }
}
