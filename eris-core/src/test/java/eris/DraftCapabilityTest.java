package eris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.ErisException.MalformedCapability;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DraftCapabilityTest {
  @ParameterizedTest
  @CsvSource({
    "erisx2, 0x00, 3, KIB_1, V0_2_0",
    "erisx2, 0x01, 0, KIB_32, V0_2_0",
    "erisx2, 0x0a, 200, KIB_1, V0_3_0",
    "erisx2, 0x0f, 0, KIB_32, V0_3_0",
    "erisx3, 0x0a, 0, KIB_1, V0_4_0",
    "erisx3, 0x0f, 0, KIB_32, V0_4_0",
    "erisx3, 0x0f, 1, KIB_32, V0_4_0 V0_4_0_MAY_2022 V0_4_0_JANUARY_2022",
  })
  void tellsTheDialectAsFarAsTheTextDoes(
      String namespace, String code, int level, BlockSize size, String dialects)
      throws MalformedCapability {
    String urn = urn(namespace, Integer.decode(code), level);
    for (String text : List.of(urn, urn.replace(namespace, namespace.toUpperCase(Locale.ROOT)))) {
      var draft = DraftCapability.parse(text);
      assertThat(draft.candidates()).extracting(Dialect::name).containsExactly(dialects.split(" "));
      assertThat(draft.blockSize()).isEqualTo(size);
      assertThat(draft.level()).isEqualTo(level);
      assertThat(draft.root()).isEqualTo(Samples.pair(7));
      assertThat(DraftCapability.isDraft(text)).isTrue();
    }
  }

  @Test
  void refusesEveryOtherBlockSizeCode() {
    for (int code = 0; code < 256; code++) {
      if (code > 0x01 && code != 0x0a && code != 0x0f) {
        refuses(urn("erisx2", code, 0), "unknown block size 0x%02x".formatted(code));
      }
      if (code != 0x0a && code != 0x0f) {
        refuses(urn("erisx3", code, 0), "unknown block size 0x%02x".formatted(code));
      }
    }
  }

  @Test
  void refusesOtherNamespaces() {
    for (String namespace :
        new String[] {"eris", "erisx", "erisx4", "er\u0131sx2", "eri\u017fx3"}) {
      String urn = urn(namespace, 0x0a, 0);
      refuses(urn, "does not start with urn:erisx3:");
      assertThat(DraftCapability.isDraft(urn)).isFalse();
    }
  }

  @Test
  void refusesOtherSpellings() {
    String urn = urn("erisx2", 0x0a, 0);
    refuses(urn + "A", "107 characters after urn:erisx2:, want 106");
    refuses(urn.substring(0, 116) + "=", "after urn:erisx2:, character 106 is not base32");
  }

  @Test
  void aMalformedDraftIsStillADraft() {
    assertThat(DraftCapability.isDraft("urn:erisx2:")).isTrue();
    assertThat(DraftCapability.isDraft("urn:erisx")).isFalse();
  }

  @Test
  void hasADialectAndALevel() {
    assertThatThrownBy(() -> new DraftCapability(List.of(), BlockSize.KIB_1, 0, Samples.pair(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no dialect");
    assertThatThrownBy(
            () ->
                new DraftCapability(List.of(Dialect.V0_2_0), BlockSize.KIB_1, 256, Samples.pair(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void refuses(String text, String detail) {
    assertThatThrownBy(() -> DraftCapability.parse(text))
        .isInstanceOf(MalformedCapability.class)
        .hasMessage("malformed read capability: " + detail);
  }

  private static String urn(String namespace, int code, int level) {
    byte[] bytes = new ReadCapability(BlockSize.KIB_1, level, Samples.pair(7)).toBytes();
    bytes[0] = (byte) code;
    return "urn:" + namespace + ":" + Base32.encode(bytes);
  }
}
