package eris.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import eris.Samples;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BouncyCastleKernelTest {
  private static final BouncyCastleKernel KERNEL = BouncyCastleKernel.INSTANCE;
  private static final int KIB_1 = 1024;
  private static final int KIB_32 = 32_768;

  @Test
  void isTheKernelOfThisJvm() {
    assertThat(BlockKernel.best()).isSameAs(KERNEL);
    assertThat(KERNEL.name()).isEqualTo("bouncycastle");
  }

  /// RFC 7693, appendix A: what the twin in these tests is worth.
  @Test
  void twinAgreesWithTheRfc() {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
    assertThat(HexFormat.of().formatHex(Blake2b.hash(abc, new byte[0], 64)))
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
  @ValueSource(ints = {1, 2, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000, KIB_1, KIB_32})
  void hashesLikeTheTwin(int bytes) {
    byte[] message = Samples.bytes(bytes, bytes);
    for (byte[] key : new byte[][] {{}, new byte[32], Samples.bytes(1, 32)}) {
      MemorySegment digest = MemorySegment.ofArray(new byte[32]);
      KERNEL.hash(MemorySegment.ofArray(message), bytes, MemorySegment.ofArray(key), digest, 32);
      assertThat(digest.toArray(JAVA_BYTE)).isEqualTo(Blake2b.hash(message, key, 32));
    }
  }

  @Test
  void aNullKeyIsStillAKey() {
    byte[] message = Samples.bytes(1, KIB_1);
    assertThat(Blake2b.hash(message, new byte[32], 32))
        .isNotEqualTo(Blake2b.hash(message, new byte[0], 32));
  }

  @Test
  void hashesEachBlockOfABatchIntoItsPlace() {
    for (int count = 1; count <= 33; count++) {
      byte[] blocks = Samples.bytes(count, count * KIB_1);
      MemorySegment digests = MemorySegment.ofArray(new byte[count * 40]);
      KERNEL.hash(MemorySegment.ofArray(blocks), KIB_1, BlockKernel.UNKEYED, digests, 40);
      for (int i = 0; i < count; i++) {
        byte[] block = Arrays.copyOfRange(blocks, i * KIB_1, (i + 1) * KIB_1);
        assertThat(digests.asSlice(i * 40L, 32).toArray(JAVA_BYTE))
            .isEqualTo(Blake2b.hash(block, new byte[0], 32));
        assertThat(digests.asSlice(i * 40L + 32, 8).toArray(JAVA_BYTE)).containsOnly(0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 127, 128, 255})
  void keystreamIsThatOfTheJdk(int level) throws GeneralSecurityException {
    for (int bytes : new int[] {1, 63, 64, 65, KIB_1, KIB_32}) {
      byte[] block = Samples.bytes(bytes, bytes);
      byte[] key = Samples.bytes(level, 32);
      byte[] wanted = jdkChaCha20(block, key, level);
      KERNEL.applyKeystream(MemorySegment.ofArray(block), MemorySegment.ofArray(key), level);
      assertThat(block).isEqualTo(wanted);
    }
  }

  @Test
  void encryptingIsHashingKeystreamHashing() throws GeneralSecurityException {
    byte[] secret = Samples.bytes(3, 32);
    for (int count = 1; count <= 33; count++) {
      byte[] nodes = Samples.bytes(count, count * KIB_1);
      MemorySegment blocks = MemorySegment.ofArray(nodes.clone());
      MemorySegment pairs = MemorySegment.ofArray(new byte[count * 64]);
      KERNEL.encrypt(blocks, KIB_1, MemorySegment.ofArray(secret), 2, pairs);
      for (int i = 0; i < count; i++) {
        byte[] node = Arrays.copyOfRange(nodes, i * KIB_1, (i + 1) * KIB_1);
        byte[] key = Blake2b.hash(node, secret, 32);
        byte[] block = jdkChaCha20(node, key, 2);
        assertThat(blocks.asSlice((long) i * KIB_1, KIB_1).toArray(JAVA_BYTE)).isEqualTo(block);
        assertThat(pairs.asSlice(i * 64L, 32).toArray(JAVA_BYTE))
            .isEqualTo(Blake2b.hash(block, new byte[0], 32));
        assertThat(pairs.asSlice(i * 64L + 32, 32).toArray(JAVA_BYTE)).isEqualTo(key);
      }
    }
  }

  @Test
  void worksInAnyMemoryAtAnyAlignment() {
    byte[] node = Samples.bytes(1, KIB_1);
    byte[] pair = encryptAt(MemorySegment.ofArray(new byte[2000]), 0, node);
    try (Arena arena = Arena.ofConfined()) {
      for (int offset = 0; offset < 17; offset++) {
        assertThat(encryptAt(MemorySegment.ofArray(new byte[2000]), offset, node)).isEqualTo(pair);
        assertThat(encryptAt(arena.allocate(2000, 64), offset, node)).isEqualTo(pair);
      }
    }
  }

  /// Encrypts `node` in place at `offset` and returns its block and pair.
  private static byte[] encryptAt(MemorySegment memory, int offset, byte[] node) {
    MemorySegment.copy(node, 0, memory, JAVA_BYTE, offset, node.length);
    MemorySegment pair = memory.asSlice(offset + node.length, 64);
    MemorySegment key = memory.asSlice(offset + node.length + 64, 32);
    MemorySegment block = memory.asSlice(offset, node.length);
    KERNEL.encrypt(block, node.length, key, 1, pair);
    assertThat(memory.asSlice(0, offset).toArray(JAVA_BYTE)).isEqualTo(new byte[offset]);
    return memory.asSlice(offset, node.length + 64).toArray(JAVA_BYTE);
  }

  private static byte[] jdkChaCha20(byte[] bytes, byte[] key, int level)
      throws GeneralSecurityException {
    byte[] nonce = new byte[12];
    nonce[0] = (byte) level;
    Cipher cipher = Cipher.getInstance("ChaCha20");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key, "ChaCha20"),
        new ChaCha20ParameterSpec(nonce, 0));
    return cipher.doFinal(bytes);
  }
}
