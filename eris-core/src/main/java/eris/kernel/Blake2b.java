package eris.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// BLAKE2b (RFC 7693) as ERIS uses it: 32 bytes of digest, no salt, no tree.
///
/// Rounds are a loop: unrolled, HotSpot compiles them to half the speed.
final class Blake2b {
  /// Bytes that one compression takes.
  static final int CHUNK_BYTES = 128;

  static final int CHUNK_WORDS = CHUNK_BYTES / Long.BYTES;
  static final int STATE_WORDS = 8;
  static final int DIGEST_WORDS = BlockKernel.DIGEST_BYTES / Long.BYTES;

  /// The finalization flag of the last compression.
  static final long LAST = -1;

  /// RFC 7693, section 2.6.
  static final long[] IV = {
    0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
    0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
  };

  /// RFC 7693, section 2.7: the message words of each of the 12 rounds, 16 to a round.
  static final byte[] SIGMA = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, //
    14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3, //
    11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4, //
    7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8, //
    9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13, //
    2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9, //
    12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11, //
    13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10, //
    6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5, //
    10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0, //
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, //
    14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3
  };

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long[] h = new long[STATE_WORDS];
  private final long[] m = new long[CHUNK_WORDS];

  /// RFC 7693, section 2.5: the first state word, into which the parameter block is mixed.
  static long firstStateWord(int keyBytes) {
    return IV[0] ^ 0x01010000L ^ (long) keyBytes << 8 ^ BlockKernel.DIGEST_BYTES;
  }

  /// Hashes the first `messageBytes` of `message`, at least one, under the first `keyBytes` of `key`,
  /// if any. In both, zeros follow up to the next multiple of 128 bytes.
  void hash(byte[] message, int messageBytes, byte[] key, int keyBytes, byte[] digest) {
    System.arraycopy(IV, 0, h, 0, STATE_WORDS);
    h[0] = firstStateWord(keyBytes);
    int keyChunkBytes = keyBytes == 0 ? 0 : CHUNK_BYTES;
    if (keyBytes > 0) {
      compress(key, 0, CHUNK_BYTES, 0);
    }
    int at = 0;
    for (; messageBytes - at > CHUNK_BYTES; at += CHUNK_BYTES) {
      compress(message, at, keyChunkBytes + at + CHUNK_BYTES, 0);
    }
    compress(message, at, keyChunkBytes + messageBytes, LAST);
    for (int i = 0; i < DIGEST_WORDS; i++) {
      WORD.set(digest, i * Long.BYTES, h[i]);
    }
  }

  private void compress(byte[] message, int at, long count, long last) {
    for (int i = 0; i < CHUNK_WORDS; i++) {
      m[i] = (long) WORD.get(message, at + i * Long.BYTES);
    }
    long v0 = h[0];
    long v1 = h[1];
    long v2 = h[2];
    long v3 = h[3];
    long v4 = h[4];
    long v5 = h[5];
    long v6 = h[6];
    long v7 = h[7];
    long v8 = IV[0];
    long v9 = IV[1];
    long v10 = IV[2];
    long v11 = IV[3];
    long v12 = IV[4] ^ count;
    long v13 = IV[5];
    long v14 = IV[6] ^ last;
    long v15 = IV[7];
    for (int r = 0; r < SIGMA.length; r += CHUNK_WORDS) {
      // columns
      v0 += v4 + m[SIGMA[r + 0] & 15];
      v12 = Long.rotateRight(v12 ^ v0, 32);
      v8 += v12;
      v4 = Long.rotateRight(v4 ^ v8, 24);
      v0 += v4 + m[SIGMA[r + 1] & 15];
      v12 = Long.rotateRight(v12 ^ v0, 16);
      v8 += v12;
      v4 = Long.rotateRight(v4 ^ v8, 63);
      v1 += v5 + m[SIGMA[r + 2] & 15];
      v13 = Long.rotateRight(v13 ^ v1, 32);
      v9 += v13;
      v5 = Long.rotateRight(v5 ^ v9, 24);
      v1 += v5 + m[SIGMA[r + 3] & 15];
      v13 = Long.rotateRight(v13 ^ v1, 16);
      v9 += v13;
      v5 = Long.rotateRight(v5 ^ v9, 63);
      v2 += v6 + m[SIGMA[r + 4] & 15];
      v14 = Long.rotateRight(v14 ^ v2, 32);
      v10 += v14;
      v6 = Long.rotateRight(v6 ^ v10, 24);
      v2 += v6 + m[SIGMA[r + 5] & 15];
      v14 = Long.rotateRight(v14 ^ v2, 16);
      v10 += v14;
      v6 = Long.rotateRight(v6 ^ v10, 63);
      v3 += v7 + m[SIGMA[r + 6] & 15];
      v15 = Long.rotateRight(v15 ^ v3, 32);
      v11 += v15;
      v7 = Long.rotateRight(v7 ^ v11, 24);
      v3 += v7 + m[SIGMA[r + 7] & 15];
      v15 = Long.rotateRight(v15 ^ v3, 16);
      v11 += v15;
      v7 = Long.rotateRight(v7 ^ v11, 63);
      // diagonals
      v0 += v5 + m[SIGMA[r + 8] & 15];
      v15 = Long.rotateRight(v15 ^ v0, 32);
      v10 += v15;
      v5 = Long.rotateRight(v5 ^ v10, 24);
      v0 += v5 + m[SIGMA[r + 9] & 15];
      v15 = Long.rotateRight(v15 ^ v0, 16);
      v10 += v15;
      v5 = Long.rotateRight(v5 ^ v10, 63);
      v1 += v6 + m[SIGMA[r + 10] & 15];
      v12 = Long.rotateRight(v12 ^ v1, 32);
      v11 += v12;
      v6 = Long.rotateRight(v6 ^ v11, 24);
      v1 += v6 + m[SIGMA[r + 11] & 15];
      v12 = Long.rotateRight(v12 ^ v1, 16);
      v11 += v12;
      v6 = Long.rotateRight(v6 ^ v11, 63);
      v2 += v7 + m[SIGMA[r + 12] & 15];
      v13 = Long.rotateRight(v13 ^ v2, 32);
      v8 += v13;
      v7 = Long.rotateRight(v7 ^ v8, 24);
      v2 += v7 + m[SIGMA[r + 13] & 15];
      v13 = Long.rotateRight(v13 ^ v2, 16);
      v8 += v13;
      v7 = Long.rotateRight(v7 ^ v8, 63);
      v3 += v4 + m[SIGMA[r + 14] & 15];
      v14 = Long.rotateRight(v14 ^ v3, 32);
      v9 += v14;
      v4 = Long.rotateRight(v4 ^ v9, 24);
      v3 += v4 + m[SIGMA[r + 15] & 15];
      v14 = Long.rotateRight(v14 ^ v3, 16);
      v9 += v14;
      v4 = Long.rotateRight(v4 ^ v9, 63);
    }
    h[0] ^= v0 ^ v8;
    h[1] ^= v1 ^ v9;
    h[2] ^= v2 ^ v10;
    h[3] ^= v3 ^ v11;
    h[4] ^= v4 ^ v12;
    h[5] ^= v5 ^ v13;
    h[6] ^= v6 ^ v14;
    h[7] ^= v7 ^ v15;
  }
}
