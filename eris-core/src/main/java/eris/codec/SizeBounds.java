package eris.codec;

import eris.BlockSize;
import eris.ErisException.MalformedTree;

/// What the level of a tree tells about the size of its content.
public record SizeBounds(long minBytes, long maxBytes) {
  /// The bounds for a tree of the least possible height (ERIS 1.0.0, Encode).
  ///
  /// @throws MalformedTree if no content of less than 2^63 bytes has such a level
  public static SizeBounds of(BlockSize blockSize, int level) throws MalformedTree {
    TreeRoot.requireLevel(blockSize, level);
    if (level == 0) {
      return new SizeBounds(0, blockSize.bytes() - 1);
    }
    long min = blockSize.bytes();
    for (int i = 1; i < level; i++) {
      min *= blockSize.arity();
    }
    boolean exceeds = min > Long.MAX_VALUE / blockSize.arity();
    return new SizeBounds(min, exceeds ? Long.MAX_VALUE : min * blockSize.arity() - 1);
  }
}
