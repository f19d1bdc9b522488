package eris.stores.sync;

import eris.Reference;
import java.util.random.RandomGenerator;

/// The key of all digests of one session, drawn by the side that begins it: who chose the blocks
/// before cannot have chosen them so that sets that differ have the same digest.
///
/// @param k0 bytes 0 to 7, little-endian, as SipHash has it
/// @param k1 bytes 8 to 15
record Salt(long k0, long k1) {
  static final int BYTES = 16;

  /// @param random hard to guess
  static Salt random(RandomGenerator random) {
    return new Salt(random.nextLong(), random.nextLong());
  }

  /// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein) of the reference's 32 bytes. The
  /// first 8 bytes of the output are the low half, both halves little-endian.
  SetDigest digest(Reference reference) {
    return new SipHash(k0, k1)
        .take(Long.reverseBytes(reference.w0()))
        .take(Long.reverseBytes(reference.w1()))
        .take(Long.reverseBytes(reference.w2()))
        .take(Long.reverseBytes(reference.w3()))
        .take((long) Reference.BYTES << 56)
        .finish();
  }

  /// The state, which never leaves the stack once this is compiled.
  private static final class SipHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    SipHash(long k0, long k1) {
      v0 = k0 ^ 0x736f6d6570736575L;
      v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
      v2 = k0 ^ 0x6c7967656e657261L;
      v3 = k1 ^ 0x7465646279746573L;
    }

    SipHash take(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
      return this;
    }

    SetDigest finish() {
      v2 ^= 0xee;
      long low = finishHalf();
      v1 ^= 0xdd;
      return new SetDigest(finishHalf(), low);
    }

    private long finishHalf() {
      round();
      round();
      round();
      round();
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
