package eris.codec;

import eris.ErisException.MalformedTree;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The padding of the last leaf (ISO/IEC 7816-4): 0x80, then zeros to the end of the block.
final class Padding {
  static final byte MARK = (byte) 0x80;

  private Padding() {}

  /// How many bytes of the last leaf are content.
  static int contentBytes(MemorySegment lastLeaf) throws MalformedTree {
    long last = lastLeaf.byteSize() - 1;
    while (last >= 0 && lastLeaf.get(ValueLayout.JAVA_BYTE, last) == 0) {
      last--;
    }
    if (last < 0 || lastLeaf.get(ValueLayout.JAVA_BYTE, last) != MARK) {
      throw new MalformedTree("the last leaf has no valid padding");
    }
    return (int) last;
  }
}
