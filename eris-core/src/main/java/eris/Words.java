package eris;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// How 32-byte values lie in memory: four big-endian words.
final class Words {
  static final int BYTES = 32;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Words() {}

  static long read(MemorySegment source, long offset, int index) {
    return source.get(WORD, offset + 8L * index);
  }

  static void write(MemorySegment target, long offset, long w0, long w1, long w2, long w3) {
    target.set(WORD, offset, w0);
    target.set(WORD, offset + 8, w1);
    target.set(WORD, offset + 16, w2);
    target.set(WORD, offset + 24, w3);
  }
}
