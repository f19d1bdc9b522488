package eris.codec;

import eris.BlockSize;
import eris.Dialect;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.store.BlockBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/// Consecutive decrypted leaves, fetched and verified together.
final class LeafWindow {
  private final NodeReader reader;
  private final BlockSize blockSize;
  private final Dialect dialect;
  private MemorySegment leaves = MemorySegment.NULL;
  private MemorySegment references = MemorySegment.NULL;
  private long first;
  private int count;

  LeafWindow(NodeReader reader, BlockSize blockSize, Dialect dialect) {
    this.reader = reader;
    this.blockSize = blockSize;
    this.dialect = dialect;
  }

  boolean contains(long leaf) {
    return leaf >= first && leaf < end();
  }

  /// The index of the first leaf after this window.
  long end() {
    return first + count;
  }

  MemorySegment leaf(long leaf) {
    return leaves.asSlice((leaf - first) * blockSize.bytes(), blockSize.bytes());
  }

  /// Replaces the window by the leaves of `pairs`, the first of which is leaf `firstLeaf`. It ends
  /// early before a leaf that cannot be read, so that the leaves before it still can.
  ///
  /// @throws IOException if the first leaf cannot be read
  void load(MemorySegment pairs, long firstLeaf) throws IOException {
    int wanted = (int) (pairs.byteSize() / ReferenceKeyPair.BYTES);
    count = 0; // in case the read fails
    first = firstLeaf;
    reserve(wanted);
    for (long i = 0; i < wanted; i++) {
      MemorySegment.copy(
          pairs, i * ReferenceKeyPair.BYTES, references, i * Reference.BYTES, Reference.BYTES);
    }
    BitSet authentic =
        reader.readBlocks(
            new BlockBatch(
                blockSize,
                leaves.asSlice(0, (long) wanted * blockSize.bytes()),
                references.asSlice(0, (long) wanted * Reference.BYTES)));
    int read = authentic.nextClearBit(0);
    if (read == 0) {
      reader.readNode(ReferenceKeyPair.readFrom(pairs, 0), 0, dialect, slot(0));
      count = 1;
      return;
    }
    for (int i = 0; i < read; i++) {
      var pair = ReferenceKeyPair.readFrom(pairs, (long) i * ReferenceKeyPair.BYTES);
      reader.decrypt(slot(i), pair.key(), 0, dialect);
    }
    count = read;
  }

  private MemorySegment slot(int i) {
    return leaves.asSlice((long) i * blockSize.bytes(), blockSize.bytes());
  }

  private void reserve(int wanted) {
    long bytes = (long) wanted * blockSize.bytes();
    if (leaves.byteSize() < bytes) {
      leaves = Arena.ofAuto().allocate(bytes, 64);
      references = Arena.ofAuto().allocate((long) wanted * Reference.BYTES, 64);
    }
  }
}
