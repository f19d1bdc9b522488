package eris.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import eris.Samples;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarKernelTest {
  private static final ScalarKernel KERNEL = ScalarKernel.INSTANCE;

  /// RFC 7693, appendix A: what the twin in these tests is worth.
  @Test
  void twinAgreesWithTheRfc() {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
    assertThat(HexFormat.of().formatHex(Rfc7693.hash(abc, new byte[0], 64)))
        .isEqualTo(
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
  }

  /// RFC 8439, section 2.4.2, but for its counter: the key stream from block 1 on.
  @Test
  void keystreamAgreesWithTheRfc() {
    byte[] key = new byte[32];
    for (int i = 0; i < 32; i++) {
      key[i] = (byte) i;
    }
    byte[] text =
        ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the"
                + " future, sunscreen would be it.")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[64 + text.length];
    System.arraycopy(text, 0, bytes, 64, text.length);
    KERNEL.applyKeystream(
        MemorySegment.ofArray(bytes),
        MemorySegment.ofArray(key),
        HexFormat.of().parseHex("000000000000004a00000000"));
    assertThat(HexFormat.of().formatHex(bytes, 64, bytes.length))
        .isEqualTo(
            "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b"
                + "f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
                + "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
                + "5af90bbf74a35be6b40b8eedf2785e42874d");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000, 1024, 32_768})
  void hashesAnyLength(int bytes) {
    byte[] message = Samples.bytes(bytes, bytes);
    for (byte[] key : new byte[][] {{}, new byte[32], Samples.bytes(1, 32)}) {
      MemorySegment digest = MemorySegment.ofArray(new byte[32]);
      KERNEL.hash(MemorySegment.ofArray(message), bytes, MemorySegment.ofArray(key), digest, 32);
      assertThat(digest.toArray(JAVA_BYTE)).isEqualTo(Rfc7693.hash(message, key, 32));
    }
  }

  @Test
  void aLongMessageLeavesNothingBehindForAShortOne() {
    MemorySegment digest = MemorySegment.ofArray(new byte[32]);
    KERNEL.hash(
        MemorySegment.ofArray(Samples.bytes(1, 1024)), 1024, BlockKernel.UNKEYED, digest, 32);
    byte[] message = Samples.bytes(2, 130);
    KERNEL.hash(MemorySegment.ofArray(message), 130, BlockKernel.UNKEYED, digest, 32);
    assertThat(digest.toArray(JAVA_BYTE)).isEqualTo(Rfc7693.hash(message, new byte[0], 32));
  }

  @Test
  void aNullKeyIsStillAKey() {
    byte[] message = Samples.bytes(1, 1024);
    assertThat(Rfc7693.hash(message, new byte[32], 32))
        .isNotEqualTo(Rfc7693.hash(message, new byte[0], 32));
  }
}
