package eris.kernel;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// BLAKE2b of several blocks at once, one in each 64-bit lane.
///
/// Words of all lanes lie together: word w of the state or the message starts at w times the number
/// of lanes. In this order a compression is RFC 7693 to the letter with vectors for words.
///
/// The shape of [#compress] is what HotSpot compiles best: one round in a loop leaves no value out of
/// the registers and folds each message word into an addition. Rounds unrolled, or helper methods
/// that take vectors, allocate a vector per operation and run a hundred times slower.
final class Blake2bLanes {
  private static final VectorSpecies<Long> S = Lanes.LONGS;
  private static final int LANES = Lanes.COUNT;

  /// Where the message words of each round start.
  private static final int[] SIGMA = new int[Blake2b.SIGMA.length];

  static {
    for (int i = 0; i < SIGMA.length; i++) {
      SIGMA[i] = Blake2b.SIGMA[i] * LANES;
    }
  }

  private Blake2bLanes() {}

  /// Sets the state `h` to the start of a hash.
  static void start(long[] h, int keyBytes) {
    for (int i = 0; i < h.length; i++) {
      h[i] = Blake2b.IV[i / LANES];
    }
    for (int lane = 0; lane < LANES; lane++) {
      h[lane] = Blake2b.firstStateWord(keyBytes);
    }
  }

  /// Mixes 16 words a lane of `m` into the state `h`.
  static void compress(long[] h, long[] m, long count, long last) {
    LongVector v0 = LongVector.fromArray(S, h, 0);
    LongVector v1 = LongVector.fromArray(S, h, LANES);
    LongVector v2 = LongVector.fromArray(S, h, 2 * LANES);
    LongVector v3 = LongVector.fromArray(S, h, 3 * LANES);
    LongVector v4 = LongVector.fromArray(S, h, 4 * LANES);
    LongVector v5 = LongVector.fromArray(S, h, 5 * LANES);
    LongVector v6 = LongVector.fromArray(S, h, 6 * LANES);
    LongVector v7 = LongVector.fromArray(S, h, 7 * LANES);
    LongVector v8 = LongVector.broadcast(S, 0x6a09e667f3bcc908L);
    LongVector v9 = LongVector.broadcast(S, 0xbb67ae8584caa73bL);
    LongVector v10 = LongVector.broadcast(S, 0x3c6ef372fe94f82bL);
    LongVector v11 = LongVector.broadcast(S, 0xa54ff53a5f1d36f1L);
    LongVector v12 = LongVector.broadcast(S, 0x510e527fade682d1L ^ count);
    LongVector v13 = LongVector.broadcast(S, 0x9b05688c2b3e6c1fL);
    LongVector v14 = LongVector.broadcast(S, 0x1f83d9abfb41bd6bL ^ last);
    LongVector v15 = LongVector.broadcast(S, 0x5be0cd19137e2179L);
    for (int r = 0; r < SIGMA.length; r += Blake2b.CHUNK_WORDS) {
      // columns
      v0 = v0.add(LongVector.fromArray(S, m, SIGMA[r + 0])).add(v4);
      v1 = v1.add(LongVector.fromArray(S, m, SIGMA[r + 2])).add(v5);
      v2 = v2.add(LongVector.fromArray(S, m, SIGMA[r + 4])).add(v6);
      v3 = v3.add(LongVector.fromArray(S, m, SIGMA[r + 6])).add(v7);
      v12 = v12.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 32);
      v13 = v13.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 32);
      v14 = v14.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 32);
      v15 = v15.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 32);
      v8 = v8.add(v12);
      v9 = v9.add(v13);
      v10 = v10.add(v14);
      v11 = v11.add(v15);
      v4 = v4.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 24);
      v5 = v5.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 24);
      v6 = v6.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 24);
      v7 = v7.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 24);
      v0 = v0.add(LongVector.fromArray(S, m, SIGMA[r + 1])).add(v4);
      v1 = v1.add(LongVector.fromArray(S, m, SIGMA[r + 3])).add(v5);
      v2 = v2.add(LongVector.fromArray(S, m, SIGMA[r + 5])).add(v6);
      v3 = v3.add(LongVector.fromArray(S, m, SIGMA[r + 7])).add(v7);
      v12 = v12.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 16);
      v13 = v13.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 16);
      v14 = v14.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 16);
      v15 = v15.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 16);
      v8 = v8.add(v12);
      v9 = v9.add(v13);
      v10 = v10.add(v14);
      v11 = v11.add(v15);
      v4 = v4.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 63);
      v5 = v5.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 63);
      v6 = v6.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 63);
      v7 = v7.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 63);
      // diagonals
      v0 = v0.add(LongVector.fromArray(S, m, SIGMA[r + 8])).add(v5);
      v1 = v1.add(LongVector.fromArray(S, m, SIGMA[r + 10])).add(v6);
      v2 = v2.add(LongVector.fromArray(S, m, SIGMA[r + 12])).add(v7);
      v3 = v3.add(LongVector.fromArray(S, m, SIGMA[r + 14])).add(v4);
      v15 = v15.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 32);
      v12 = v12.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 32);
      v13 = v13.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 32);
      v14 = v14.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 32);
      v10 = v10.add(v15);
      v11 = v11.add(v12);
      v8 = v8.add(v13);
      v9 = v9.add(v14);
      v5 = v5.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 24);
      v6 = v6.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 24);
      v7 = v7.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 24);
      v4 = v4.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 24);
      v0 = v0.add(LongVector.fromArray(S, m, SIGMA[r + 9])).add(v5);
      v1 = v1.add(LongVector.fromArray(S, m, SIGMA[r + 11])).add(v6);
      v2 = v2.add(LongVector.fromArray(S, m, SIGMA[r + 13])).add(v7);
      v3 = v3.add(LongVector.fromArray(S, m, SIGMA[r + 15])).add(v4);
      v15 = v15.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 16);
      v12 = v12.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 16);
      v13 = v13.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 16);
      v14 = v14.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 16);
      v10 = v10.add(v15);
      v11 = v11.add(v12);
      v8 = v8.add(v13);
      v9 = v9.add(v14);
      v5 = v5.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 63);
      v6 = v6.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 63);
      v7 = v7.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 63);
      v4 = v4.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 63);
    }
    LongVector.fromArray(S, h, 0)
        .lanewise(VectorOperators.XOR, v0)
        .lanewise(VectorOperators.XOR, v8)
        .intoArray(h, 0);
    LongVector.fromArray(S, h, LANES)
        .lanewise(VectorOperators.XOR, v1)
        .lanewise(VectorOperators.XOR, v9)
        .intoArray(h, LANES);
    LongVector.fromArray(S, h, 2 * LANES)
        .lanewise(VectorOperators.XOR, v2)
        .lanewise(VectorOperators.XOR, v10)
        .intoArray(h, 2 * LANES);
    LongVector.fromArray(S, h, 3 * LANES)
        .lanewise(VectorOperators.XOR, v3)
        .lanewise(VectorOperators.XOR, v11)
        .intoArray(h, 3 * LANES);
    LongVector.fromArray(S, h, 4 * LANES)
        .lanewise(VectorOperators.XOR, v4)
        .lanewise(VectorOperators.XOR, v12)
        .intoArray(h, 4 * LANES);
    LongVector.fromArray(S, h, 5 * LANES)
        .lanewise(VectorOperators.XOR, v5)
        .lanewise(VectorOperators.XOR, v13)
        .intoArray(h, 5 * LANES);
    LongVector.fromArray(S, h, 6 * LANES)
        .lanewise(VectorOperators.XOR, v6)
        .lanewise(VectorOperators.XOR, v14)
        .intoArray(h, 6 * LANES);
    LongVector.fromArray(S, h, 7 * LANES)
        .lanewise(VectorOperators.XOR, v7)
        .lanewise(VectorOperators.XOR, v15)
        .intoArray(h, 7 * LANES);
  }
}
