package eris.codec;

import eris.BlockSize;
import eris.Dialect;
import eris.ErisException;
import eris.ErisException.MalformedTree;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.store.BlockBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Consecutive decrypted nodes of one level, fetched and verified together. Of internal nodes, which
/// are full but for the last of their level, the pairs lie together too.
final class NodeWindow {
  private final NodeReader reader;
  private final BlockSize blockSize;
  private final int level;
  private final long last; // index of the last node of this level
  private MemorySegment nodes = MemorySegment.NULL;
  private MemorySegment references = MemorySegment.NULL;
  private long first;
  private int count;

  NodeWindow(NodeReader reader, BlockSize blockSize, int level, long last) {
    this.reader = reader;
    this.blockSize = blockSize;
    this.level = level;
    this.last = last;
  }

  boolean contains(long index) {
    return index >= first && index < end();
  }

  /// The index of the first node after this window.
  long end() {
    return first + count;
  }

  /// The index of the last node of the level.
  long last() {
    return last;
  }

  MemorySegment node(long index) {
    return nodes.asSlice((index - first) * blockSize.bytes(), blockSize.bytes());
  }

  /// Bytes `from` to `to`, not included, of all the bytes of this level.
  MemorySegment bytes(long from, long to) {
    return nodes.asSlice(from - first * blockSize.bytes(), to - from);
  }

  /// The pairs of children `from` to `to`, not included, of the nodes in this window.
  MemorySegment pairs(long from, long to) {
    return bytes(from * ReferenceKeyPair.BYTES, to * ReferenceKeyPair.BYTES);
  }

  /// Replaces the window by the nodes of `pairs`, the first of which has index `firstIndex`. It ends
  /// early before a node that cannot be read, so that the nodes before it still can.
  ///
  /// @throws IOException if the first node cannot be read
  void load(MemorySegment pairs, long firstIndex, Dialect dialect) throws IOException {
    int wanted = (int) (pairs.byteSize() / ReferenceKeyPair.BYTES);
    count = 0; // in case the read fails
    first = firstIndex;
    reserve(wanted);
    int read = wanted == 1 ? 0 : reader.readNodes(batch(wanted, pairs), pairs, level, dialect);
    if (read == 0) { // alone, or to be told what is wrong with it
      reader.readNode(ReferenceKeyPair.readFrom(pairs, 0), level, dialect, nodes);
      read = 1;
    }
    count = level == 0 ? read : countWellFormed(read, pairs, dialect);
  }

  /// Replaces the window by one node that was verified before.
  void set(MemorySegment node, long index) {
    reserve(1);
    MemorySegment.copy(node, 0, nodes, 0, blockSize.bytes());
    first = index;
    count = 1;
  }

  private int countWellFormed(int read, MemorySegment pairs, Dialect dialect) throws ErisException {
    int good = dialect.checksRootKey() ? reader.countOwnKeys(slots(read), pairs) : read;
    for (int i = 0; i < good; i++) {
      try {
        requireWellFormed(i);
      } catch (MalformedTree e) {
        if (i == 0) {
          throw e;
        }
        return i;
      }
    }
    if (good == 0) {
      throw new MalformedTree(InternalNode.FOREIGN_KEY);
    }
    return good;
  }

  private void requireWellFormed(int i) throws MalformedTree {
    InternalNode node =
        InternalNode.parse(nodes.asSlice((long) i * blockSize.bytes(), blockSize.bytes()));
    if (first + i != last) {
      node.requireFull();
    }
  }

  private BlockBatch batch(int wanted, MemorySegment pairs) {
    for (long i = 0; i < wanted; i++) {
      MemorySegment.copy(
          pairs, i * ReferenceKeyPair.BYTES, references, i * Reference.BYTES, Reference.BYTES);
    }
    return new BlockBatch(
        blockSize, slots(wanted), references.asSlice(0, (long) wanted * Reference.BYTES));
  }

  private MemorySegment slots(int count) {
    return nodes.asSlice(0, (long) count * blockSize.bytes());
  }

  private void reserve(int wanted) {
    long bytes = (long) wanted * blockSize.bytes();
    if (nodes.byteSize() < bytes) {
      Arena arena = Arena.ofAuto();
      nodes = arena.allocate(bytes, 64);
      references = arena.allocate((long) wanted * Reference.BYTES, 64);
    }
  }
}
