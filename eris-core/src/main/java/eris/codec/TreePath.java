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
import java.util.Optional;

/// The nodes on the way to the leaves that are being read, a window of each level. Opening reads the
/// right edge, which tells how many leaves there are; then any leaf can be asked for, at the cost of
/// the nodes that changed.
///
/// Strict: a node off the right edge is full, a root has two children or more, and the key of an
/// internal node is its hash. Content that no encoder makes could read differently in sequence and
/// by arithmetic, and one block could stand for many nodes.
final class TreePath {
  private final NodeReader reader;
  private final BlockSize blockSize;
  private final MemorySegment root; // one pair
  private final NodeWindow[] windows; // by level; filled from the root down while opening
  private final NodeCache cache;
  private Dialect dialect;
  private boolean rootKeyVerified;

  private TreePath(NodeReader reader, TreeRoot root, Dialect dialect) {
    this.reader = reader;
    this.blockSize = root.blockSize();
    this.dialect = dialect;
    this.root = MemorySegment.ofArray(new byte[ReferenceKeyPair.BYTES]);
    root.pair().writeTo(this.root, 0);
    windows = new NodeWindow[root.level() + 1];
    windows[root.level()] = new NodeWindow(reader, blockSize, root.level(), 0);
    cache = new NodeCache(blockSize);
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

  /// The leaves; [#loadLeaves] brings them in.
  NodeWindow leaves() {
    return windows[0];
  }

  /// Brings `leaf` into the window of leaves, and those after it, `wanted` in all at most.
  void loadLeaves(long leaf, int wanted) throws IOException {
    windows[0].load(pairs(0, leaf, wanted), leaf, dialect);
  }

  /// The pairs of the nodes of `level` from `index` on: at least one, at most `wanted`.
  private MemorySegment pairs(int level, long index, int wanted) throws IOException {
    if (level == windows.length - 1) {
      return root;
    }
    NodeWindow parents = windows[level + 1];
    long last = Math.min(index + wanted - 1, windows[level].last());
    long parent = index / blockSize.arity();
    if (!parents.contains(parent)) {
      loadInternal(level + 1, parent, (int) (last / blockSize.arity() - parent + 1));
    }
    return parents.pairs(index, Math.min(last + 1, parents.end() * blockSize.arity()));
  }

  private void loadInternal(int level, long index, int wanted) throws IOException {
    NodeWindow window = windows[level];
    Optional<MemorySegment> cached = wanted == 1 ? cache.get(level, index) : Optional.empty();
    if (cached.isPresent()) {
      window.set(cached.get(), index);
      return;
    }
    window.load(pairs(level, index, wanted), index, dialect);
    if (wanted == 1) {
      cache.put(level, index, window.node(index));
    }
  }

  private void readRoot(TreeRoot root, List<Dialect> candidates) throws IOException {
    int level = root.level();
    MemorySegment block = reader.readBlock(root.pair().reference());
    MemorySegment node = MemorySegment.ofArray(new byte[blockSize.bytes()]);
    for (Dialect candidate : candidates) {
      node.copyFrom(block);
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
    InternalNode.parse(node).requireRoot();
    windows[level].set(node, 0);
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
      long parent = windows[level].last();
      int lastChild = InternalNode.parse(windows[level].node(parent)).childCount() - 1;
      long last = childOnRightEdge(parent, lastChild, blockSize);
      windows[level - 1] = new NodeWindow(reader, blockSize, level - 1, last);
      if (level > 1) {
        loadInternal(level - 1, last, 1);
      }
    }
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
}
