package eris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.ErisException.MalformedCapability;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadCapabilityTest {
  /// Of `Hello world!` in 1 KiB blocks, from the official vectors.
  private static final String DIGITS =
      "BIAD77QDJMFAKZYH2DXBUZYAP3MXZ3DJZVFYQ5DFWC6T65WSFCU5S2IT4YZGJ7AC4SYQMP2DM2ANS2ZTCP3DJJIRV733CRAAHO"
          + "SWIYZM3M";

  private static final String URN = "urn:eris:" + DIGITS;

  @Test
  void readsAnOfficialUrn() throws MalformedCapability {
    var capability = ReadCapability.parse(URN);
    assertThat(capability.blockSize()).isEqualTo(BlockSize.KIB_1);
    assertThat(capability.level()).isZero();
    assertThat(capability.root().reference())
        .hasToString("H77AGSYKAVTQPUHODJTQA7WZPTWGTTKLRB2GLMF5H53NEKFJ3FUQ");
    assertThat(capability.handle())
        .hasToString("eris-H77AGSYKAVTQPUHODJTQA7WZPTWGTTKLRB2GLMF5H53NEKFJ3FUQ");
    assertThat(capability.toUrn()).isEqualTo(URN);
  }

  @Test
  void allFormsOfAllCapabilitiesRoundTrip() throws MalformedCapability {
    for (BlockSize size : BlockSize.values()) {
      for (int level = 0; level < 256; level++) {
        var capability = new ReadCapability(size, level, Samples.pair(level));
        assertThat(ReadCapability.parse(capability.toUrn())).isEqualTo(capability);
        assertThat(ReadCapability.parse(capability.toBytes())).isEqualTo(capability);
        assertThat(ReadCapability.parseCbor(capability.toCbor())).isEqualTo(capability);
      }
    }
  }

  @Test
  void binaryFormIsSizeLevelReferenceKey() {
    byte[] bytes = new ReadCapability(BlockSize.KIB_32, 200, Samples.pair(1)).toBytes();
    assertThat(bytes).hasSize(66).startsWith(0x0f, 200);
    assertThat(Arrays.copyOfRange(bytes, 2, 34)).isEqualTo(Samples.bytes(1, 32));
    assertThat(Arrays.copyOfRange(bytes, 34, 66)).isEqualTo(Samples.bytes(~1, 32));
  }

  @Test
  void cborFormIsTag276AroundTheBinary() {
    var capability = new ReadCapability(BlockSize.KIB_1, 3, Samples.pair(1));
    byte[] cbor = capability.toCbor();
    assertThat(cbor).hasSize(71).endsWith(capability.toBytes());
    assertThat(HexFormat.of().formatHex(cbor, 0, 5)).isEqualTo("d901145842");
  }

  @Test
  void urnTellsItsBlockSizeAtTheStart() {
    assertThat(new ReadCapability(BlockSize.KIB_1, 0, Samples.pair(1)).toUrn())
        .startsWith("urn:eris:BI");
    assertThat(new ReadCapability(BlockSize.KIB_32, 0, Samples.pair(1)).toUrn())
        .startsWith("urn:eris:B4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"URN:ERIS:", "Urn:Eris:", "uRN:eRIS:"})
  void takesThePrefixInAnyCase(String prefix) throws MalformedCapability {
    assertThat(ReadCapability.parse(prefix + DIGITS).toUrn()).isEqualTo(URN);
  }

  /// Dotless i, dotted I and long s are letters of the prefix in one case or the other.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "urn:",
        "eris:",
        "urn:erisx2:",
        "urn:erisx3:",
        "urn:blake2b:",
        "urn:eris",
        " urn:eris:",
        "urn:er\u0131s:",
        "urn:er\u0130s:",
        "urn:eri\u017f:",
        "urn:eris::"
      })
  void refusesOtherPrefixes(String prefix) {
    refuses(prefix + DIGITS);
  }

  @Test
  void refusesOtherSpellings() {
    refuses("");
    refuses("urn:eris:");
    refuses(URN.substring(0, URN.length() - 1));
    refuses(URN + "A");
    refuses(URN + "======");
    refuses("urn:eris:" + DIGITS.toLowerCase(Locale.ROOT));
    refuses(URN.replace('Q', 'q'));
    refuses(URN + "?+x");
    refuses(URN + "?=x");
    refuses(URN + "#x");
    refuses(URN + "\n");
    for (char last : "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".toCharArray()) {
      if ("AEIMQUY4".indexOf(last) < 0) {
        refuses(URN.substring(0, URN.length() - 1) + last);
      }
    }
  }

  @Test
  void refusesBytesOfAnotherLength() {
    byte[] bytes = new ReadCapability(BlockSize.KIB_1, 0, Samples.pair(1)).toBytes();
    for (int length : new int[] {0, 1, 2, 65, 67, 132}) {
      assertThatThrownBy(() -> ReadCapability.parse(Arrays.copyOf(bytes, length)))
          .isInstanceOf(MalformedCapability.class)
          .hasMessage("malformed read capability: " + length + " bytes, want 66");
    }
  }

  @Test
  void refusesEveryOtherBlockSizeCode() {
    byte[] bytes = new ReadCapability(BlockSize.KIB_1, 0, Samples.pair(1)).toBytes();
    for (int code = 0; code < 256; code++) {
      if (code == 0x0a || code == 0x0f) {
        continue;
      }
      bytes[0] = (byte) code;
      assertThatThrownBy(() -> ReadCapability.parse(bytes))
          .isInstanceOf(MalformedCapability.class)
          .hasMessage(
              "malformed read capability: unknown block size 0x%02x, want 0x0a or 0x0f", code);
      refuses("urn:eris:" + Base32.encode(bytes));
    }
  }

  @Test
  void refusesOtherCbor() {
    byte[] cbor = new ReadCapability(BlockSize.KIB_1, 0, Samples.pair(1)).toCbor();
    for (int length = 0; length < cbor.length; length++) {
      refusesCbor(Arrays.copyOf(cbor, length));
    }
    refusesCbor(Arrays.copyOf(cbor, cbor.length + 1));
    refusesCbor(Arrays.copyOfRange(cbor, 3, cbor.length)); // without the tag
    for (int i = 0; i < 5; i++) {
      byte[] other = cbor.clone();
      other[i]++;
      refusesCbor(other);
    }
  }

  @Test
  void levelFitsAByte() {
    for (int level : new int[] {-1, 256}) {
      assertThatThrownBy(() -> new ReadCapability(BlockSize.KIB_1, level, Samples.pair(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("level " + level + " is outside 0..255");
    }
  }

  private static void refuses(String text) {
    assertThatThrownBy(() -> ReadCapability.parse(text))
        .as(text)
        .isInstanceOf(MalformedCapability.class)
        .satisfies(e -> tellsNothingOf(text, e));
  }

  /// Three characters in a row of the capability are more than chance.
  private static void tellsNothingOf(String text, Throwable e) {
    for (int i = 9; i + 4 <= Math.min(text.length(), 100); i++) {
      assertThat(e.toString()).doesNotContain(text.substring(i, i + 4));
    }
    assertThat(e).hasNoCause();
  }

  private static void refusesCbor(byte[] bytes) {
    assertThatThrownBy(() -> ReadCapability.parseCbor(bytes))
        .isInstanceOf(MalformedCapability.class);
  }
}
