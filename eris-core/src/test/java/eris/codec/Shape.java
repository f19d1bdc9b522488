package eris.codec;

import eris.BlockSize;

/// The level and the number of blocks of a tree whose blocks are all different, by formula.
record Shape(int level, int blockCount) {
  static Shape of(BlockSize blockSize, long sizeBytes) {
    long nodes = sizeBytes / blockSize.bytes() + 1;
    long count = nodes;
    int level = 0;
    for (; nodes > 1; level++) {
      nodes = (nodes + blockSize.arity() - 1) / blockSize.arity();
      count += nodes;
    }
    return new Shape(level, Math.toIntExact(count));
  }
}
