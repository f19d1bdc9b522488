package eris.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Between blocks, which lie one after the other, and words of which all lanes lie together.
///
/// A square of as many words as there are lanes is turned in log2(lanes) steps. Step s, 1 or 2 or 4,
/// exchanges between rows i and i + s the words that lie off the diagonal: every second run of s.
final class Transposition {
  private static final VectorSpecies<Long> S = Lanes.LONGS;
  private static final int LANES = Lanes.COUNT;
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfLong WORD = JAVA_LONG_UNALIGNED.withOrder(LE);

  /// Each run of s words with its neighbour.
  private static final VectorShuffle<Long> SWAP_1 = swap(1);

  private static final VectorShuffle<Long> SWAP_2 = swap(2);
  private static final VectorShuffle<Long> SWAP_4 = swap(4);

  /// Every second run of s words.
  private static final VectorMask<Long> ODD_1 = odd(0b1010_1010);

  private static final VectorMask<Long> ODD_2 = odd(0b1100_1100);
  private static final VectorMask<Long> ODD_4 = odd(0b1111_0000);

  private Transposition() {}

  /// Copies a chunk of 128 bytes, from `offset` on, of the blocks that start at `lanes` to `words`.
  static void in(MemorySegment blocks, long[] lanes, long offset, long[] words) {
    for (int i = 0; i < Blake2b.CHUNK_WORDS; i += LANES) {
      switch (LANES) {
        case 8 -> in8(blocks, lanes, offset + 8L * i, words, i * LANES);
        case 4 -> in4(blocks, lanes, offset + 8L * i, words, i * LANES);
        default -> in2(blocks, lanes, offset + 8L * i, words, i * LANES);
      }
    }
  }

  /// The way back.
  static void out(long[] words, MemorySegment blocks, long[] lanes, long offset) {
    for (int i = 0; i < Blake2b.CHUNK_WORDS; i += LANES) {
      switch (LANES) {
        case 8 -> out8(words, i * LANES, blocks, lanes, offset + 8L * i);
        case 4 -> out4(words, i * LANES, blocks, lanes, offset + 8L * i);
        default -> out2(words, i * LANES, blocks, lanes, offset + 8L * i);
      }
    }
  }

  private static void in8(MemorySegment blocks, long[] lanes, long offset, long[] words, int to) {
    LongVector a0 = LongVector.fromMemorySegment(S, blocks, lanes[0] + offset, LE);
    LongVector a1 = LongVector.fromMemorySegment(S, blocks, lanes[1] + offset, LE);
    LongVector a2 = LongVector.fromMemorySegment(S, blocks, lanes[2] + offset, LE);
    LongVector a3 = LongVector.fromMemorySegment(S, blocks, lanes[3] + offset, LE);
    LongVector a4 = LongVector.fromMemorySegment(S, blocks, lanes[4] + offset, LE);
    LongVector a5 = LongVector.fromMemorySegment(S, blocks, lanes[5] + offset, LE);
    LongVector a6 = LongVector.fromMemorySegment(S, blocks, lanes[6] + offset, LE);
    LongVector a7 = LongVector.fromMemorySegment(S, blocks, lanes[7] + offset, LE);
    LongVector b0 = a0.blend(a1.rearrange(SWAP_1), ODD_1);
    LongVector b1 = a0.rearrange(SWAP_1).blend(a1, ODD_1);
    LongVector b2 = a2.blend(a3.rearrange(SWAP_1), ODD_1);
    LongVector b3 = a2.rearrange(SWAP_1).blend(a3, ODD_1);
    LongVector b4 = a4.blend(a5.rearrange(SWAP_1), ODD_1);
    LongVector b5 = a4.rearrange(SWAP_1).blend(a5, ODD_1);
    LongVector b6 = a6.blend(a7.rearrange(SWAP_1), ODD_1);
    LongVector b7 = a6.rearrange(SWAP_1).blend(a7, ODD_1);
    LongVector c0 = b0.blend(b2.rearrange(SWAP_2), ODD_2);
    LongVector c2 = b0.rearrange(SWAP_2).blend(b2, ODD_2);
    LongVector c1 = b1.blend(b3.rearrange(SWAP_2), ODD_2);
    LongVector c3 = b1.rearrange(SWAP_2).blend(b3, ODD_2);
    LongVector c4 = b4.blend(b6.rearrange(SWAP_2), ODD_2);
    LongVector c6 = b4.rearrange(SWAP_2).blend(b6, ODD_2);
    LongVector c5 = b5.blend(b7.rearrange(SWAP_2), ODD_2);
    LongVector c7 = b5.rearrange(SWAP_2).blend(b7, ODD_2);
    LongVector d0 = c0.blend(c4.rearrange(SWAP_4), ODD_4);
    LongVector d4 = c0.rearrange(SWAP_4).blend(c4, ODD_4);
    LongVector d1 = c1.blend(c5.rearrange(SWAP_4), ODD_4);
    LongVector d5 = c1.rearrange(SWAP_4).blend(c5, ODD_4);
    LongVector d2 = c2.blend(c6.rearrange(SWAP_4), ODD_4);
    LongVector d6 = c2.rearrange(SWAP_4).blend(c6, ODD_4);
    LongVector d3 = c3.blend(c7.rearrange(SWAP_4), ODD_4);
    LongVector d7 = c3.rearrange(SWAP_4).blend(c7, ODD_4);
    d0.intoArray(words, to);
    d1.intoArray(words, to + LANES);
    d2.intoArray(words, to + 2 * LANES);
    d3.intoArray(words, to + 3 * LANES);
    d4.intoArray(words, to + 4 * LANES);
    d5.intoArray(words, to + 5 * LANES);
    d6.intoArray(words, to + 6 * LANES);
    d7.intoArray(words, to + 7 * LANES);
  }

  private static void out8(
      long[] words, int from, MemorySegment blocks, long[] lanes, long offset) {
    LongVector a0 = LongVector.fromArray(S, words, from);
    LongVector a1 = LongVector.fromArray(S, words, from + LANES);
    LongVector a2 = LongVector.fromArray(S, words, from + 2 * LANES);
    LongVector a3 = LongVector.fromArray(S, words, from + 3 * LANES);
    LongVector a4 = LongVector.fromArray(S, words, from + 4 * LANES);
    LongVector a5 = LongVector.fromArray(S, words, from + 5 * LANES);
    LongVector a6 = LongVector.fromArray(S, words, from + 6 * LANES);
    LongVector a7 = LongVector.fromArray(S, words, from + 7 * LANES);
    LongVector b0 = a0.blend(a1.rearrange(SWAP_1), ODD_1);
    LongVector b1 = a0.rearrange(SWAP_1).blend(a1, ODD_1);
    LongVector b2 = a2.blend(a3.rearrange(SWAP_1), ODD_1);
    LongVector b3 = a2.rearrange(SWAP_1).blend(a3, ODD_1);
    LongVector b4 = a4.blend(a5.rearrange(SWAP_1), ODD_1);
    LongVector b5 = a4.rearrange(SWAP_1).blend(a5, ODD_1);
    LongVector b6 = a6.blend(a7.rearrange(SWAP_1), ODD_1);
    LongVector b7 = a6.rearrange(SWAP_1).blend(a7, ODD_1);
    LongVector c0 = b0.blend(b2.rearrange(SWAP_2), ODD_2);
    LongVector c2 = b0.rearrange(SWAP_2).blend(b2, ODD_2);
    LongVector c1 = b1.blend(b3.rearrange(SWAP_2), ODD_2);
    LongVector c3 = b1.rearrange(SWAP_2).blend(b3, ODD_2);
    LongVector c4 = b4.blend(b6.rearrange(SWAP_2), ODD_2);
    LongVector c6 = b4.rearrange(SWAP_2).blend(b6, ODD_2);
    LongVector c5 = b5.blend(b7.rearrange(SWAP_2), ODD_2);
    LongVector c7 = b5.rearrange(SWAP_2).blend(b7, ODD_2);
    LongVector d0 = c0.blend(c4.rearrange(SWAP_4), ODD_4);
    LongVector d4 = c0.rearrange(SWAP_4).blend(c4, ODD_4);
    LongVector d1 = c1.blend(c5.rearrange(SWAP_4), ODD_4);
    LongVector d5 = c1.rearrange(SWAP_4).blend(c5, ODD_4);
    LongVector d2 = c2.blend(c6.rearrange(SWAP_4), ODD_4);
    LongVector d6 = c2.rearrange(SWAP_4).blend(c6, ODD_4);
    LongVector d3 = c3.blend(c7.rearrange(SWAP_4), ODD_4);
    LongVector d7 = c3.rearrange(SWAP_4).blend(c7, ODD_4);
    d0.intoMemorySegment(blocks, lanes[0] + offset, LE);
    d1.intoMemorySegment(blocks, lanes[1] + offset, LE);
    d2.intoMemorySegment(blocks, lanes[2] + offset, LE);
    d3.intoMemorySegment(blocks, lanes[3] + offset, LE);
    d4.intoMemorySegment(blocks, lanes[4] + offset, LE);
    d5.intoMemorySegment(blocks, lanes[5] + offset, LE);
    d6.intoMemorySegment(blocks, lanes[6] + offset, LE);
    d7.intoMemorySegment(blocks, lanes[7] + offset, LE);
  }

  private static void in4(MemorySegment blocks, long[] lanes, long offset, long[] words, int to) {
    LongVector a0 = LongVector.fromMemorySegment(S, blocks, lanes[0] + offset, LE);
    LongVector a1 = LongVector.fromMemorySegment(S, blocks, lanes[1] + offset, LE);
    LongVector a2 = LongVector.fromMemorySegment(S, blocks, lanes[2] + offset, LE);
    LongVector a3 = LongVector.fromMemorySegment(S, blocks, lanes[3] + offset, LE);
    LongVector b0 = a0.blend(a1.rearrange(SWAP_1), ODD_1);
    LongVector b1 = a0.rearrange(SWAP_1).blend(a1, ODD_1);
    LongVector b2 = a2.blend(a3.rearrange(SWAP_1), ODD_1);
    LongVector b3 = a2.rearrange(SWAP_1).blend(a3, ODD_1);
    LongVector c0 = b0.blend(b2.rearrange(SWAP_2), ODD_2);
    LongVector c2 = b0.rearrange(SWAP_2).blend(b2, ODD_2);
    LongVector c1 = b1.blend(b3.rearrange(SWAP_2), ODD_2);
    LongVector c3 = b1.rearrange(SWAP_2).blend(b3, ODD_2);
    c0.intoArray(words, to);
    c1.intoArray(words, to + LANES);
    c2.intoArray(words, to + 2 * LANES);
    c3.intoArray(words, to + 3 * LANES);
  }

  private static void out4(
      long[] words, int from, MemorySegment blocks, long[] lanes, long offset) {
    LongVector a0 = LongVector.fromArray(S, words, from);
    LongVector a1 = LongVector.fromArray(S, words, from + LANES);
    LongVector a2 = LongVector.fromArray(S, words, from + 2 * LANES);
    LongVector a3 = LongVector.fromArray(S, words, from + 3 * LANES);
    LongVector b0 = a0.blend(a1.rearrange(SWAP_1), ODD_1);
    LongVector b1 = a0.rearrange(SWAP_1).blend(a1, ODD_1);
    LongVector b2 = a2.blend(a3.rearrange(SWAP_1), ODD_1);
    LongVector b3 = a2.rearrange(SWAP_1).blend(a3, ODD_1);
    LongVector c0 = b0.blend(b2.rearrange(SWAP_2), ODD_2);
    LongVector c2 = b0.rearrange(SWAP_2).blend(b2, ODD_2);
    LongVector c1 = b1.blend(b3.rearrange(SWAP_2), ODD_2);
    LongVector c3 = b1.rearrange(SWAP_2).blend(b3, ODD_2);
    c0.intoMemorySegment(blocks, lanes[0] + offset, LE);
    c1.intoMemorySegment(blocks, lanes[1] + offset, LE);
    c2.intoMemorySegment(blocks, lanes[2] + offset, LE);
    c3.intoMemorySegment(blocks, lanes[3] + offset, LE);
  }

  /// Two words of two blocks: not worth a vector, and HotSpot has no instruction for their shuffle.
  private static void in2(MemorySegment blocks, long[] lanes, long offset, long[] words, int to) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < LANES; i++) {
        words[to + i * LANES + lane] =
            blocks.get(WORD, lanes[lane] + offset + (long) i * Long.BYTES);
      }
    }
  }

  private static void out2(
      long[] words, int from, MemorySegment blocks, long[] lanes, long offset) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < LANES; i++) {
        blocks.set(
            WORD, lanes[lane] + offset + (long) i * Long.BYTES, words[from + i * LANES + lane]);
      }
    }
  }

  private static VectorShuffle<Long> swap(int run) {
    return VectorShuffle.fromOp(S, lane -> (lane ^ run) & LANES - 1);
  }

  private static VectorMask<Long> odd(long lanes) {
    return VectorMask.fromLong(S, lanes & (1L << LANES) - 1);
  }
}
