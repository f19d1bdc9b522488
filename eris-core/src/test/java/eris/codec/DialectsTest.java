package eris.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.Base32;
import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.Dialect;
import eris.DraftCapability;
import eris.ErisException.MalformedTree;
import eris.ErisException.WrongKey;
import eris.ReadCapability;
import eris.ReferenceKeyPair;
import eris.Samples;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Drafts read through [Decoder], from their text on.
class DialectsTest {
  private static final ConvergenceSecret NULL = ConvergenceSecret.nullSecret();

  static Stream<Arguments> encodings() {
    List<Arguments> encodings = new ArrayList<>();
    for (Dialect dialect : Dialect.values()) {
      if (dialect == Dialect.V1_0_0) {
        continue;
      }
      for (BlockSize blockSize : BlockSize.values()) {
        for (ConvergenceSecret secret : List.of(NULL, Samples.secret(1))) {
          for (int level = 0; level <= (blockSize == BlockSize.KIB_1 ? 3 : 1); level++) {
            encodings.add(Arguments.of(dialect, blockSize, secret == NULL ? "null" : "any", level));
          }
        }
      }
    }
    return encodings.stream();
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void contentOfADraftIsFoundOutAndRead(
      Dialect dialect, BlockSize blockSize, String secretName, int level) throws IOException {
    ConvergenceSecret secret = secretName.equals("null") ? NULL : Samples.secret(1);
    var maker = new TreeMaker(blockSize, dialect, secret);
    byte[] content = Samples.bytes(level, (int) SizeBounds.of(blockSize, level).minBytes() + 77);
    TreeMaker.Tree tree = maker.encode(content);
    assertThat(tree.level()).isEqualTo(level);
    var capability = DraftCapability.parse(urn(dialect, blockSize, tree));
    Decoder decoder = Decoder.open(maker.store, capability);
    assertThat(Channels.newInputStream(decoder).readAllBytes()).isEqualTo(content);
    if (level == 0) {
      assertThat(decoder.rootKeyVerified()).isFalse();
    } else {
      assertThat(decoder.dialect()).isEqualTo(dialect);
      boolean keyed = !dialect.checksRootKey();
      assertThat(decoder.rootKeyVerified()).isEqualTo(!keyed || secretName.equals("null"));
    }
  }

  @Test
  void finalContentSaysSo() throws IOException {
    var maker = new TreeMaker(BlockSize.KIB_1);
    TreeMaker.Tree tree = maker.encode(new byte[5000]);
    assertThat(Decoder.open(maker.store, maker.capability(tree.level(), tree.root())).dialect())
        .isEqualTo(Dialect.V1_0_0);
  }

  @ParameterizedTest
  @EnumSource(
      value = Dialect.class,
      names = {"V0_4_0", "V0_4_0_MAY_2022"})
  void otherRootKeyIsAWrongKeyWhereItCanBeChecked(Dialect dialect) {
    var maker = new TreeMaker(BlockSize.KIB_1, dialect, NULL);
    TreeMaker.Tree tree = maker.encode(Samples.bytes(1, 5000));
    var capability =
        new DraftCapability(
            List.of(dialect),
            BlockSize.KIB_1,
            tree.level(),
            new ReferenceKeyPair(tree.root().reference(), Samples.key(1)));
    assertThatThrownBy(() -> Decoder.open(maker.store, capability)).isInstanceOf(WrongKey.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Dialect.class,
      names = {"V0_4_0_MAY_2022", "V0_4_0_JANUARY_2022", "V0_3_0", "V0_2_0"})
  void treesOfOtherSchemesAreNone(Dialect dialect) {
    var maker = new TreeMaker(BlockSize.KIB_1, dialect, NULL);
    TreeMaker.Tree tree = maker.encode(Samples.bytes(1, 5000));
    assertThatThrownBy(() -> Decoder.open(maker.store, maker.capability(tree.level(), tree.root())))
        .isInstanceOf(WrongKey.class);
  }

  @Test
  void strictnessIsTheSame() {
    var maker = new TreeMaker(BlockSize.KIB_1, Dialect.V0_2_0, Samples.secret(1));
    var capability =
        new DraftCapability(
            List.of(Dialect.V0_2_0), BlockSize.KIB_1, 1, maker.node(1, maker.lastLeaf(1, 5)));
    assertThatThrownBy(() -> Decoder.open(maker.store, capability))
        .isInstanceOf(MalformedTree.class)
        .hasMessage("malformed tree: the root has a single child");
    var tooHigh =
        new DraftCapability(List.of(Dialect.V0_2_0), BlockSize.KIB_1, 15, Samples.pair(1));
    assertThatThrownBy(() -> Decoder.open(maker.store, tooHigh)).isInstanceOf(MalformedTree.class);
  }

  private static String urn(Dialect dialect, BlockSize blockSize, TreeMaker.Tree tree) {
    byte[] bytes = new ReadCapability(blockSize, tree.level(), tree.root()).toBytes();
    String namespace =
        switch (dialect) {
          case V0_2_0 -> {
            bytes[0] = (byte) (blockSize == BlockSize.KIB_1 ? 0x00 : 0x01);
            yield "erisx2";
          }
          case V0_3_0 -> "erisx2";
          case V0_4_0_JANUARY_2022, V0_4_0_MAY_2022, V0_4_0 -> "erisx3";
          case V1_0_0 -> "eris";
        };
    return "urn:" + namespace + ":" + Base32.encode(bytes);
  }
}
