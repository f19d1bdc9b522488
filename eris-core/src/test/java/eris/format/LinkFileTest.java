package eris.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import eris.ReadCapability;
import eris.cbor.Cbor;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkFileTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String CAPABILITY_HEX = "0a00" + "11".repeat(32) + "22".repeat(32);
  private static final String HEAD_HEX = "d9d9f784" + "d901145842" + CAPABILITY_HEX;
  private static final Cbor.Map NONE = new Cbor.Map(List.of());

  private final ReadCapability capability = ReadCapability.parse(HEX.parseHex(CAPABILITY_HEX));

  LinkFileTest() throws Exception {}

  @Test
  void theDocumentedExampleIsWrittenAndRead() throws Exception {
    var link = new LinkFile(capability, 12, "text/plain", NONE);
    String hex =
        HEAD_HEX
            + "0c"
            + "6a"
            + HEX.formatHex("text/plain".getBytes(StandardCharsets.US_ASCII))
            + "a0";

    assertThat(HEX.formatHex(link.encode())).isEqualTo(hex);
    assertThat(LinkFile.decode(HEX.parseHex(hex))).isEqualTo(link);
    assertThat(LinkFile.isLink(HEX.parseHex(hex))).isTrue();
    assertThat(LinkFile.isLink("urn:eris:".getBytes(StandardCharsets.US_ASCII))).isFalse();
    assertThat(LinkFile.isLink(new byte[2])).isFalse();
  }

  @Test
  void attributesOfAnyKindAreKept() throws Exception {
    var attributes =
        new Cbor.Map(
            List.of(
                new Cbor.Entry(new Cbor.Text("name"), new Cbor.Text("größe")),
                new Cbor.Entry(new Cbor.Int(7), Cbor.Array.of(new Cbor.Null()))));
    var link = new LinkFile(capability, Long.MAX_VALUE, "application/x", attributes);

    assertThat(LinkFile.decode(link.encode())).isEqualTo(link);
  }

  @ParameterizedTest
  @CsvSource({
    "d9d9f783, 0c, 6178, array of 4",
    "d9d9f784, 20, 6178a0, no number of bytes",
    "d9d9f784, 6161, 6178a0, no number of bytes",
    "d9d9f784, 180c, 6178a0, malformed link",
    "d9d9f784, 0c, 60a0, media type",
    "d9d9f784, 0c, 610aa0, media type",
    "d9d9f784, 0c, 4178a0, media type",
    "d9d9f784, 0c, 617880, no map",
    "d9d9f784, 0c, 6178a2616100616100, malformed link",
    "d9d9f784, 0c, 6178a000, malformed link",
    "d9d9f884, 0c, 6178a0, no tag 55799"
  })
  void whatIsNoLinkIsRefused(String head, String size, String rest, String detail) {
    String hex = head + "d901145842" + CAPABILITY_HEX + size + rest;

    assertThatExceptionOfType(LinkFile.MalformedException.class)
        .isThrownBy(() -> LinkFile.decode(HEX.parseHex(hex)))
        .withMessageContaining(detail)
        .withMessageNotContainingAny("1111", "2222");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole = new LinkFile(capability, 12, "text/plain", NONE).encode();

    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatExceptionOfType(LinkFile.MalformedException.class)
          .isThrownBy(() -> LinkFile.decode(cut));
    }
  }

  @Test
  void valuesThatHaveNoLinkDoNotExist() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinkFile(capability, -1, "text/plain", NONE));
    assertThatIllegalArgumentException().isThrownBy(() -> new LinkFile(capability, 1, "", NONE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinkFile(capability, 1, "größe", NONE));
    var large =
        new Cbor.Map(
            List.of(new Cbor.Entry(new Cbor.Int(1), Cbor.Bytes.copyOf(new byte[1 << 16]))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinkFile(capability, 1, "text/plain", large));
  }

  @Test
  void aLinkIsRedacted() {
    assertThat(new LinkFile(capability, 12, "text/plain", NONE).toString())
        .isEqualTo("LinkFile[12 bytes of text/plain, redacted]");
  }
}
