package eris.codec;

import eris.BlockSize;
import eris.Dialect;
import eris.ErisException.MalformedTree;
import eris.ErisException.WrongKey;
import eris.Key;
import eris.ReferenceKeyPair;
import eris.kernel.BlockKernel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The internal nodes on the way to one leaf. Opening reads the right edge, which tells how many
/// leaves there are; then any leaf can be asked for, at the cost of the nodes that changed.
///
/// Strict: a node off the right edge is full and a root has two children or more. Content that no
/// encoder makes would read differently in sequence and by arithmetic.
final class TreePath {
  private static final long NONE = -1;

  private final NodeReader reader;
  private final BlockSize blockSize;
  private final MemorySegment root; // one pair
  private final MemorySegment[] buffers; // by level; none for leaves, nor before it is needed
  private final InternalNode[] nodes; // by level: the node last read there
  private final long[] index; // by level: its position among the nodes of that level
  private final long[] last; // by level: the position of the last node there
  private Dialect dialect;
  private boolean rootKeyVerified;

  private TreePath(NodeReader reader, TreeRoot root, Dialect dialect) {
    this.reader = reader;
    this.blockSize = root.blockSize();
    this.dialect = dialect;
    this.root = MemorySegment.ofArray(new byte[ReferenceKeyPair.BYTES]);
    root.pair().writeTo(this.root, 0);
    int levels = root.level() + 1;
    buffers = new MemorySegment[levels];
    nodes = new InternalNode[levels];
    index = new long[levels];
    last = new long[levels];
  }

  /// Reads the internal nodes of the right edge. `candidates` are tried in order; the root node
  /// tells them apart.
  static TreePath open(NodeReader reader, TreeRoot root, List<Dialect> candidates)
      throws IOException {
    root.requireLevel();
    var path = new TreePath(reader, root, candidates.getFirst());
    if (root.level() > 0) {
      path.readRoot(root, candidates);
      path.descendRightEdge(root.level());
    }
    return path;
  }

  Dialect dialect() {
    return dialect;
  }

  boolean rootKeyVerified() {
    return rootKeyVerified;
  }

  long lastLeaf() {
    return last[0];
  }

  /// The pairs of `leaf` and of those after it that have the same parent, at most `limit`.
  MemorySegment pairs(long leaf, int limit) throws IOException {
    if (nodes.length == 1) {
      return root;
    }
    for (int level = nodes.length - 1; level > 1; level--) {
      long child = ancestor(leaf, level - 1);
      if (index[level - 1] != child) {
        readInternal(level - 1, nodes[level].child(childIndex(child)), child);
      }
    }
    int from = childIndex(leaf);
    int count = Math.min(limit, nodes[1].childCount() - from);
    return nodes[1]
        .node()
        .asSlice((long) from * ReferenceKeyPair.BYTES, (long) count * ReferenceKeyPair.BYTES);
  }

  private void readRoot(TreeRoot root, List<Dialect> candidates) throws IOException {
    int level = root.level();
    MemorySegment block = reader.readBlock(root.pair().reference());
    buffers[level] = newBuffer();
    for (Dialect candidate : candidates) {
      MemorySegment node = buffers[level].copyFrom(block);
      reader.decrypt(node, root.pair().key(), level, candidate);
      dialect = candidate;
      rootKeyVerified = isKeyOf(node, root.pair().key());
      if (rootKeyVerified) {
        break;
      }
    }
    if (!rootKeyVerified && dialect.checksRootKey()) {
      throw new WrongKey();
    }
    nodes[level] = InternalNode.parse(buffers[level]);
    index[level] = 0;
    nodes[level].requireRoot();
  }

  /// A draft that derived the root key with the convergence secret can be checked only if that was
  /// the null secret.
  private boolean isKeyOf(MemorySegment node, Key key) {
    if (dialect.checksRootKey()) {
      return reader.keyOf(node, BlockKernel.UNKEYED).equals(key);
    }
    MemorySegment nullSecret = MemorySegment.ofArray(new byte[eris.ConvergenceSecret.BYTES]);
    return reader.keyOf(node, nullSecret).equals(key);
  }

  private void descendRightEdge(int rootLevel) throws IOException {
    for (int level = rootLevel; level > 0; level--) {
      int lastChild = nodes[level].childCount() - 1;
      last[level - 1] = childOnRightEdge(last[level], lastChild, blockSize);
      if (level > 1) {
        buffers[level - 1] = newBuffer();
        readInternal(level - 1, nodes[level].child(lastChild), last[level - 1]);
      }
    }
  }

  private MemorySegment newBuffer() {
    return MemorySegment.ofArray(new byte[blockSize.bytes()]);
  }

  /// @throws MalformedTree if content that has such a child cannot be addressed with 63 bits
  static long childOnRightEdge(long parent, int child, BlockSize blockSize) throws MalformedTree {
    try {
      long index = Math.addExact(Math.multiplyExact(parent, blockSize.arity()), child);
      Math.multiplyExact(index, blockSize.bytes()); // where a leaf starts; its last byte fits too
      return index;
    } catch (ArithmeticException e) {
      throw new MalformedTree("content of more than 2^63 - 1 bytes");
    }
  }

  private void readInternal(int level, ReferenceKeyPair pair, long position) throws IOException {
    index[level] = NONE; // in case the read fails
    reader.readNode(pair, level, dialect, buffers[level]);
    InternalNode node = InternalNode.parse(buffers[level]);
    if (position != last[level]) {
      node.requireFull();
    }
    nodes[level] = node;
    index[level] = position;
  }

  private long ancestor(long leaf, int level) {
    long position = leaf;
    for (int i = 0; i < level; i++) {
      position /= blockSize.arity();
    }
    return position;
  }

  private int childIndex(long position) {
    return (int) (position % blockSize.arity());
  }
}
