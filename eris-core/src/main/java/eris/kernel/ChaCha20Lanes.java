package eris.kernel;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// ChaCha20 (RFC 8439) of several blocks at once. Each 64-bit lane is one block, and its two halves
/// are two consecutive counters: the low half the even one, the high half the odd one. So one call
/// makes the key stream of the 128 bytes a lane that one compression of BLAKE2b takes.
///
/// Key stream and XOR are two methods with memory between them: HotSpot's first compiler runs out of
/// registers on both in one, and then never compiles it at all.
final class ChaCha20Lanes {
  private static final VectorSpecies<Integer> S = Lanes.INTS;
  private static final int HALVES = 2 * Lanes.COUNT;
  private static final VectorSpecies<Long> LONGS = Lanes.LONGS;
  private static final int LANES = Lanes.COUNT;

  /// Bytes of key stream that one counter makes.
  static final int UNIT_BYTES = 64;

  static final int STATE_WORDS = 16;
  static final int KEY_WORDS = 8;

  private static final int SIGMA_0 = 0x61707865; // "expand 32-byte k"
  private static final int SIGMA_1 = 0x3320646e;
  private static final int SIGMA_2 = 0x79622d32;
  private static final int SIGMA_3 = 0x6b206574;

  private static final IntVector COUNTERS =
      IntVector.zero(S).addIndex(1).lanewise(VectorOperators.AND, 1);
  private static final long LOW = 0xffff_ffffL;

  private ChaCha20Lanes() {}

  /// Writes the key streams of counters `counter` (even) and `counter + 1` to `stream`, by the words
  /// of the state. `keys` has each key word once for each half lane.
  static void keystream(int[] keys, int counter, int level, int[] stream) {
    IntVector x0 = IntVector.broadcast(S, SIGMA_0);
    IntVector x1 = IntVector.broadcast(S, SIGMA_1);
    IntVector x2 = IntVector.broadcast(S, SIGMA_2);
    IntVector x3 = IntVector.broadcast(S, SIGMA_3);
    IntVector x4 = IntVector.fromArray(S, keys, 0);
    IntVector x5 = IntVector.fromArray(S, keys, HALVES);
    IntVector x6 = IntVector.fromArray(S, keys, 2 * HALVES);
    IntVector x7 = IntVector.fromArray(S, keys, 3 * HALVES);
    IntVector x8 = IntVector.fromArray(S, keys, 4 * HALVES);
    IntVector x9 = IntVector.fromArray(S, keys, 5 * HALVES);
    IntVector x10 = IntVector.fromArray(S, keys, 6 * HALVES);
    IntVector x11 = IntVector.fromArray(S, keys, 7 * HALVES);
    IntVector x12 = COUNTERS.add(counter);
    IntVector x13 = IntVector.broadcast(S, level);
    IntVector x14 = IntVector.zero(S);
    IntVector x15 = IntVector.zero(S);
    for (int r = 0; r < 10; r++) {
      // columns
      x0 = x0.add(x4);
      x1 = x1.add(x5);
      x2 = x2.add(x6);
      x3 = x3.add(x7);
      x12 = x12.lanewise(VectorOperators.XOR, x0).lanewise(VectorOperators.ROL, 16);
      x13 = x13.lanewise(VectorOperators.XOR, x1).lanewise(VectorOperators.ROL, 16);
      x14 = x14.lanewise(VectorOperators.XOR, x2).lanewise(VectorOperators.ROL, 16);
      x15 = x15.lanewise(VectorOperators.XOR, x3).lanewise(VectorOperators.ROL, 16);
      x8 = x8.add(x12);
      x9 = x9.add(x13);
      x10 = x10.add(x14);
      x11 = x11.add(x15);
      x4 = x4.lanewise(VectorOperators.XOR, x8).lanewise(VectorOperators.ROL, 12);
      x5 = x5.lanewise(VectorOperators.XOR, x9).lanewise(VectorOperators.ROL, 12);
      x6 = x6.lanewise(VectorOperators.XOR, x10).lanewise(VectorOperators.ROL, 12);
      x7 = x7.lanewise(VectorOperators.XOR, x11).lanewise(VectorOperators.ROL, 12);
      x0 = x0.add(x4);
      x1 = x1.add(x5);
      x2 = x2.add(x6);
      x3 = x3.add(x7);
      x12 = x12.lanewise(VectorOperators.XOR, x0).lanewise(VectorOperators.ROL, 8);
      x13 = x13.lanewise(VectorOperators.XOR, x1).lanewise(VectorOperators.ROL, 8);
      x14 = x14.lanewise(VectorOperators.XOR, x2).lanewise(VectorOperators.ROL, 8);
      x15 = x15.lanewise(VectorOperators.XOR, x3).lanewise(VectorOperators.ROL, 8);
      x8 = x8.add(x12);
      x9 = x9.add(x13);
      x10 = x10.add(x14);
      x11 = x11.add(x15);
      x4 = x4.lanewise(VectorOperators.XOR, x8).lanewise(VectorOperators.ROL, 7);
      x5 = x5.lanewise(VectorOperators.XOR, x9).lanewise(VectorOperators.ROL, 7);
      x6 = x6.lanewise(VectorOperators.XOR, x10).lanewise(VectorOperators.ROL, 7);
      x7 = x7.lanewise(VectorOperators.XOR, x11).lanewise(VectorOperators.ROL, 7);
      // diagonals
      x0 = x0.add(x5);
      x1 = x1.add(x6);
      x2 = x2.add(x7);
      x3 = x3.add(x4);
      x15 = x15.lanewise(VectorOperators.XOR, x0).lanewise(VectorOperators.ROL, 16);
      x12 = x12.lanewise(VectorOperators.XOR, x1).lanewise(VectorOperators.ROL, 16);
      x13 = x13.lanewise(VectorOperators.XOR, x2).lanewise(VectorOperators.ROL, 16);
      x14 = x14.lanewise(VectorOperators.XOR, x3).lanewise(VectorOperators.ROL, 16);
      x10 = x10.add(x15);
      x11 = x11.add(x12);
      x8 = x8.add(x13);
      x9 = x9.add(x14);
      x5 = x5.lanewise(VectorOperators.XOR, x10).lanewise(VectorOperators.ROL, 12);
      x6 = x6.lanewise(VectorOperators.XOR, x11).lanewise(VectorOperators.ROL, 12);
      x7 = x7.lanewise(VectorOperators.XOR, x8).lanewise(VectorOperators.ROL, 12);
      x4 = x4.lanewise(VectorOperators.XOR, x9).lanewise(VectorOperators.ROL, 12);
      x0 = x0.add(x5);
      x1 = x1.add(x6);
      x2 = x2.add(x7);
      x3 = x3.add(x4);
      x15 = x15.lanewise(VectorOperators.XOR, x0).lanewise(VectorOperators.ROL, 8);
      x12 = x12.lanewise(VectorOperators.XOR, x1).lanewise(VectorOperators.ROL, 8);
      x13 = x13.lanewise(VectorOperators.XOR, x2).lanewise(VectorOperators.ROL, 8);
      x14 = x14.lanewise(VectorOperators.XOR, x3).lanewise(VectorOperators.ROL, 8);
      x10 = x10.add(x15);
      x11 = x11.add(x12);
      x8 = x8.add(x13);
      x9 = x9.add(x14);
      x5 = x5.lanewise(VectorOperators.XOR, x10).lanewise(VectorOperators.ROL, 7);
      x6 = x6.lanewise(VectorOperators.XOR, x11).lanewise(VectorOperators.ROL, 7);
      x7 = x7.lanewise(VectorOperators.XOR, x8).lanewise(VectorOperators.ROL, 7);
      x4 = x4.lanewise(VectorOperators.XOR, x9).lanewise(VectorOperators.ROL, 7);
    }
    x0.add(SIGMA_0).intoArray(stream, 0);
    x1.add(SIGMA_1).intoArray(stream, HALVES);
    x2.add(SIGMA_2).intoArray(stream, 2 * HALVES);
    x3.add(SIGMA_3).intoArray(stream, 3 * HALVES);
    x4.add(IntVector.fromArray(S, keys, 0)).intoArray(stream, 4 * HALVES);
    x5.add(IntVector.fromArray(S, keys, HALVES)).intoArray(stream, 5 * HALVES);
    x6.add(IntVector.fromArray(S, keys, 2 * HALVES)).intoArray(stream, 6 * HALVES);
    x7.add(IntVector.fromArray(S, keys, 3 * HALVES)).intoArray(stream, 7 * HALVES);
    x8.add(IntVector.fromArray(S, keys, 4 * HALVES)).intoArray(stream, 8 * HALVES);
    x9.add(IntVector.fromArray(S, keys, 5 * HALVES)).intoArray(stream, 9 * HALVES);
    x10.add(IntVector.fromArray(S, keys, 6 * HALVES)).intoArray(stream, 10 * HALVES);
    x11.add(IntVector.fromArray(S, keys, 7 * HALVES)).intoArray(stream, 11 * HALVES);
    x12.add(COUNTERS).add(counter).intoArray(stream, 12 * HALVES);
    x13.add(level).intoArray(stream, 13 * HALVES);
    x14.intoArray(stream, 14 * HALVES);
    x15.intoArray(stream, 15 * HALVES);
  }

  /// XORs the key stream of two counters into 16 words a lane of `words`: of two
  /// state words, the low halves make a message word of the even counter, the high halves one of the
  /// odd counter.
  static void xor(int[] stream, long[] words) {
    for (int i = 0; i < STATE_WORDS / 2; i++) {
      LongVector first = IntVector.fromArray(S, stream, 2 * i * HALVES).reinterpretAsLongs();
      LongVector second = IntVector.fromArray(S, stream, (2 * i + 1) * HALVES).reinterpretAsLongs();
      int even = i * LANES;
      int odd = even + STATE_WORDS / 2 * LANES;
      LongVector.fromArray(LONGS, words, even)
          .lanewise(VectorOperators.XOR, first.lanewise(VectorOperators.AND, LOW))
          .lanewise(VectorOperators.XOR, second.lanewise(VectorOperators.LSHL, 32))
          .intoArray(words, even);
      LongVector.fromArray(LONGS, words, odd)
          .lanewise(VectorOperators.XOR, first.lanewise(VectorOperators.LSHR, 32))
          .lanewise(VectorOperators.XOR, second.lanewise(VectorOperators.AND, ~LOW))
          .intoArray(words, odd);
    }
  }
}
