package eris.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.Dialect;
import eris.DraftCapability;
import eris.codec.Encoder;
import eris.testkit.KeyStream;
import eris.testkit.Vectors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The large contents of the ERIS specification, encoded as a stream into nothing.
class LargeVectorsTest {
  private static final System.Logger LOG = System.getLogger("eris.conformance");

  @Test
  void encodes100MiB() throws IOException {
    encodes(0, 100L << 20);
  }

  @Test
  @Tag("wide")
  void encodes1GiB() throws IOException {
    encodes(1, 1L << 30);
  }

  @Test
  @Tag("deep")
  void encodes256GiB() throws IOException {
    encodes(2, 256L << 30);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void urnsOfDraftsParse(int index) throws IOException {
    JsonNode vector = vector(index);
    for (var draft : vector.required("drafts").properties()) {
      var capability = DraftCapability.parse(draft.getValue().asString());
      assertThat(capability.level()).isEqualTo(vector.required("level").asInt());
      assertThat(capability.blockSize()).isEqualTo(blockSize(vector));
      assertThat(capability.candidates()).containsAnyElementsOf(dialectsOf(draft.getKey()));
    }
  }

  private static void encodes(int index, long sizeBytes) throws IOException {
    JsonNode vector = vector(index);
    assertThat(vector.required("size").asLong()).isEqualTo(sizeBytes);
    var content = new Progress(new KeyStream(vector.required("name").asString(), sizeBytes));
    var encoder = new Encoder(blockSize(vector), (_, _) -> {});
    assertThat(encoder.encode(content, ConvergenceSecret.nullSecret()).toUrn())
        .isEqualTo(vector.required("urn").asString());
  }

  private static JsonNode vector(int index) {
    return Vectors.json(OfficialVectors.file("large.json")).required("vectors").get(index);
  }

  private static BlockSize blockSize(JsonNode vector) {
    return BlockSize.ofBytes(vector.required("block-size").asLong()).orElseThrow();
  }

  private static List<Dialect> dialectsOf(String state) {
    return List.of(
        Map.of(
                "0.2.0", Dialect.V0_2_0,
                "0.4.0-dev, January 2022", Dialect.V0_4_0_JANUARY_2022,
                "0.4.0-dev, May 2022", Dialect.V0_4_0_MAY_2022)
            .get(state));
  }

  /// Tells after each 8 GiB how far it has come.
  private record Progress(KeyStream content) implements ReadableByteChannel {
    private static final long STEP_BYTES = 8L << 30;

    @Override
    public int read(ByteBuffer target) throws IOException {
      long before = content.position() / STEP_BYTES;
      int count = content.read(target);
      if (content.position() / STEP_BYTES > before) {
        LOG.log(System.Logger.Level.INFO, "{0} GiB", content.position() >> 30);
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return content.isOpen();
    }

    @Override
    public void close() {
      content.close();
    }
  }
}
