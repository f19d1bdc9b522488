package eris.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.Dialect;
import eris.DraftCapability;
import eris.ErisException;
import eris.ReadCapability;
import eris.codec.Decoder;
import eris.testkit.Vector;
import eris.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the drafts of ERIS named: read, never written.
class DraftVectorsTest {
  private static final String SEED =
      "urn:erisx2:AEA24Z7OYXY4VWA5ZUSRTCC46JXTKNHOGAVPHGH5QASXS74VZYU3UTYOCAEA2AGPASNTJHKWJ6I3LRNI"
          + "74BP3XAPGY4ZODWORFQXYT74AA";

  /// As our vectors, the official ones and the large contents call them.
  private static final Map<String, Dialect> DIALECTS =
      Map.of(
          "0.2.0", Dialect.V0_2_0,
          "0.3.0", Dialect.V0_3_0,
          "0.4.0-dev a", Dialect.V0_4_0_JANUARY_2022,
          "0.4.0-dev, January 2022", Dialect.V0_4_0_JANUARY_2022,
          "0.4.0-dev b", Dialect.V0_4_0_MAY_2022,
          "0.4.0-dev, May 2022", Dialect.V0_4_0_MAY_2022,
          "0.4.0", Dialect.V0_4_0);

  static List<Vector> ownDrafts() {
    return Vectors.readAll(
        Path.of(System.getProperty("eris.root"), "conformance-vectors", "drafts.json"));
  }

  static List<Vector> ownDraftsWithBlocks() {
    return ownDrafts().stream().filter(vector -> vector.blocks().isPresent()).toList();
  }

  @ParameterizedTest
  @MethodSource("ownDrafts")
  void ownDraftParses(Vector vector) throws IOException {
    var draft = DraftCapability.parse(vector.urn());
    assertThat(asIfOf1_0_0(draft)).isEqualTo(vector.capability());
    assertThat(draft.candidates()).contains(DIALECTS.get(vector.state()));
  }

  @ParameterizedTest
  @MethodSource("ownDraftsWithBlocks")
  void ownDraftDecodesFromAnyPosition(Vector vector) throws IOException {
    var decoder = Decoder.open(vector.source(), DraftCapability.parse(vector.urn()));
    assertThat(decoder.dialect()).isEqualTo(DIALECTS.get(vector.state()));
    VectorChecks.decodesFromAnyPosition(decoder, vector.contentBytes());
  }

  @ParameterizedTest
  @MethodSource("ownDrafts")
  void draftIsNoCapabilityOf1_0_0(Vector vector) {
    assertThatThrownBy(() -> ReadCapability.parse(vector.urn()))
        .isInstanceOf(ErisException.MalformedCapability.class);
  }

  @Test
  void everyStateHasBlocks() {
    assertThat(ownDraftsWithBlocks().stream().map(Vector::state).distinct()).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void officialBlocksOf0_2_0DecodeIn0_2_0AndIn0_3_0(int id) throws IOException {
    Vector vector =
        Vectors.read(
            OfficialVectors.file(
                "official/drafts/v0.2.0/eris-test-vector-%02d.json".formatted(id)));
    byte[] content = vector.contentBytes();
    String later = officialUrns(id).required("0.3.0").asString();
    for (String urn : List.of(vector.urn(), later)) {
      VectorChecks.decodesFromAnyPosition(
          Decoder.open(vector.source(), DraftCapability.parse(urn)), content);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void officialUrnsOfAllStatesParse(int id) throws IOException {
    ReadCapability final1_0_0 = OfficialVectors.read(id).capability();
    for (var state : officialUrns(id).properties()) {
      Dialect dialect = DIALECTS.get(state.getKey());
      if (dialect == null) {
        continue; // the id, the name, and 1.0.0
      }
      var draft = DraftCapability.parse(state.getValue().asString());
      assertThat(draft.blockSize()).isEqualTo(final1_0_0.blockSize());
      assertThat(draft.level()).isEqualTo(final1_0_0.level());
      if (draft.level() == 0) {
        assertThat(draft.root()).isEqualTo(final1_0_0.root());
      } else {
        assertThat(draft.candidates()).contains(dialect);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void officialBlocksOf1_0_0DecodeIn0_4_0(int id) throws IOException {
    Vector vector = OfficialVectors.read(id);
    var draft = DraftCapability.parse(officialUrns(id).required("0.4.0").asString());
    var decoder = Decoder.open(vector.source(), draft);
    assertThat(decoder.dialect()).isEqualTo(Dialect.V0_4_0);
    assertThat(decoder.rootKeyVerified()).isEqualTo(draft.level() > 0);
    VectorChecks.decodesFromAnyPosition(decoder, vector.contentBytes());
  }

  @Test
  void seedUrnIsOf0_2_0() throws IOException {
    var seed = DraftCapability.parse(SEED);
    assertThat(seed.candidates()).containsExactly(Dialect.V0_2_0);
    assertThat(seed.blockSize()).isEqualTo(BlockSize.KIB_32);
    assertThat(seed.level()).isEqualTo(1);
    assertThat(seed.root().reference().toUrn())
        .isEqualTo("urn:blake2b:VZT65RPRZLMB3TJFDGEFZ4TPGU2O4MBK6OMP3ABFPF7ZLTRJXJHQ");
  }

  @Test
  void seedUrnIsRefusedAs1_0_0() {
    for (String urn : List.of(SEED, SEED.replace("erisx2", "eris"))) {
      assertThatThrownBy(() -> ReadCapability.parse(urn))
          .isInstanceOf(ErisException.MalformedCapability.class);
    }
  }

  private static JsonNode officialUrns(int id) {
    return Vectors.json(OfficialVectors.file("official/drafts/urns.json")).get(id);
  }

  private static ReadCapability asIfOf1_0_0(DraftCapability draft) {
    return new ReadCapability(draft.blockSize(), draft.level(), draft.root());
  }
}
