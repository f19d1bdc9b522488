package eris.stores.sync;

import static org.assertj.core.api.Assertions.assertThat;

import eris.Reference;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SaltTest {
  /// `openssl mac -macopt hexkey:00…0f -macopt size:16 -in FILE SIPHASH`, of the bytes 0 to 31.
  @Test
  void theHashIsThatOfOpenSsl() {
    byte[] bytes =
        HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    Reference reference = Reference.readFrom(MemorySegment.ofArray(bytes), 0);
    var salt = new Salt(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    SetDigest digest = salt.digest(reference);
    assertThat(Long.toHexString(Long.reverseBytes(digest.low()))).isEqualTo("7c3956ca5eeafc3e");
    assertThat(Long.toHexString(Long.reverseBytes(digest.high()))).isEqualTo("363e9d556546eb68");
  }

  @Test
  void sumsAreThoseOfNumbersOf128Bits() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 1_000; i++) {
      SetDigest a = new SetDigest(random.nextLong(), random.nextLong());
      SetDigest b = new SetDigest(random.nextLong(), random.nextLong() >> random.nextInt(64));
      BigInteger sum = number(a).add(number(b)).mod(BigInteger.ONE.shiftLeft(128));
      assertThat(number(a.plus(b))).isEqualTo(sum);
    }
  }

  private static BigInteger number(SetDigest digest) {
    return new BigInteger(Long.toUnsignedString(digest.high()))
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(digest.low())));
  }

  /// A salt that is another gives other digests: what is known of one session helps in no other.
  @Test
  void everySaltGivesOtherDigests() {
    var reference = new Reference(1, 2, 3, 4);
    assertThat(new Salt(1, 2).digest(reference)).isNotEqualTo(new Salt(1, 3).digest(reference));
    assertThat(new Salt(1, 2).digest(reference)).isNotEqualTo(new Salt(2, 2).digest(reference));
  }
}
