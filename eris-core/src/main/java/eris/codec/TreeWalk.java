package eris.codec;

import eris.ConvergenceSecret;
import eris.Dialect;
import eris.ErisException;
import eris.ErisException.MalformedTree;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.kernel.BlockKernel;
import eris.store.BlockBatch;
import eris.store.BlockSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Visits every distinct block of a tree once and checks what can be checked without the content:
/// presence, hashes, the root key, the shape of the tree, the padding.
///
/// The work is in proportion to the distinct blocks, however often the tree repeats them: 6 blocks
/// can stand for 2^60 bytes. So nodes are visited level by level, each distinct one once, and for
/// each it is remembered where it stands: off the right edge it must be full, on the right edge the
/// last leaf below it must be padded. The right edge goes first, so that its leaf is read only once.
///
/// Single use; not safe for concurrent use.
public final class TreeWalk {
  private static final int BATCH_BLOCKS = 16;

  private final NodeReader reader;
  private final TreeRoot root;
  private final Optional<MemorySegment> canonicalSecret;
  private final boolean readsLeaves;
  private final Visitor visitor;
  private final ReferenceSet seen = new ReferenceSet();
  private final ReferenceSet seenPairs = new ReferenceSet(); // their hashes; only to check keys
  private final MemorySegment node;
  private final MemorySegment leaves;
  private final MemorySegment references;
  private long edgePosition; // of the right-edge node last visited, among those of its level

  /// What a walk reports. Blocks come in no particular order, each once.
  public interface Visitor {
    /// A block of the tree, whether or not it could be read.
    default void block(Reference reference, int level) throws IOException {}

    /// Something is wrong; the walk goes on where it can.
    default void finding(Finding finding) throws IOException {}

    /// The same, with a place in the content where it shows; there may be more.
    ///
    /// @param level of the node that is wrong
    /// @param leafIndex of the first leaf below it, or its own
    default void finding(Finding finding, int level, long leafIndex) throws IOException {
      finding(finding);
    }
  }

  private TreeWalk(
      BlockSource source,
      ReadCapability capability,
      Optional<MemorySegment> canonicalSecret,
      boolean readsLeaves,
      Visitor visitor) {
    this.root = TreeRoot.of(capability);
    this.reader = new NodeReader(source, root.blockSize());
    this.canonicalSecret = canonicalSecret;
    this.readsLeaves = readsLeaves;
    this.visitor = visitor;
    int blockBytes = root.blockSize().bytes();
    this.node = MemorySegment.ofArray(new byte[blockBytes]);
    this.leaves = Arena.ofAuto().allocate((long) BATCH_BLOCKS * blockBytes, 64);
    this.references = Arena.ofAuto().allocate((long) BATCH_BLOCKS * Reference.BYTES, 64);
  }

  /// Walks the tree of `capability` and returns the number of blocks read.
  ///
  /// @throws IOException if the source fails or the visitor throws. What is wrong with the tree is
  ///     not thrown, but for a level that no content has
  public static long walk(BlockSource source, ReadCapability capability, Visitor visitor)
      throws IOException {
    return new TreeWalk(source, capability, Optional.empty(), true, visitor).run();
  }

  /// Reads the internal nodes only, which is enough to know every block: a leaf may be missing or
  /// corrupt, and may be told more than once, so that memory is in proportion to the internal nodes.
  public static long walkNodes(BlockSource source, ReadCapability capability, Visitor visitor)
      throws IOException {
    return new TreeWalk(source, capability, Optional.empty(), false, visitor).run();
  }

  /// As [#walk], and checks that every key is the one which encoding with `secret` derives.
  public static long walkCanonical(
      BlockSource source, ReadCapability capability, ConvergenceSecret secret, Visitor visitor)
      throws IOException {
    MemorySegment hashKey = MemorySegment.ofArray(new byte[ConvergenceSecret.BYTES]);
    secret.writeTo(hashKey, 0);
    return new TreeWalk(source, capability, Optional.of(hashKey), true, visitor).run();
  }

  private long run() throws IOException {
    root.requireLevel();
    if (root.level() == 0 && !readsLeaves) {
      visitor.block(root.pair().reference(), 0);
    } else if (root.level() == 0) {
      visitLastLeaf(new Leaf(root.pair(), 0));
    } else {
      SequencedMap<Reference, PlacedNode> nodes = new LinkedHashMap<>();
      add(new PlacedNode(root.pair(), Place.RIGHT_EDGE, 0), root.level(), nodes);
      for (int level = root.level(); level > 0; level--) {
        nodes = visitLevel(level, nodes);
      }
    }
    return reader.blocksRead();
  }

  /// Visits the internal nodes of a level and returns those below them; the leaves below level 1 are
  /// visited at once.
  private SequencedMap<Reference, PlacedNode> visitLevel(
      int level, SequencedMap<Reference, PlacedNode> nodes) throws IOException {
    SequencedMap<Reference, PlacedNode> children = new LinkedHashMap<>();
    for (PlacedNode node : nodes.values()) {
      Optional<InternalNode> visited = visitInternal(node, level);
      if (visited.isEmpty()) {
        continue;
      }
      if (level == 1 && readsLeaves) {
        visitLeaves(visited.get(), node);
      } else if (level == 1) {
        tellLeaves(visited.get());
      } else {
        addChildren(visited.get(), node, level - 1, children);
      }
    }
    return children;
  }

  private void addChildren(
      InternalNode parent,
      PlacedNode placed,
      int level,
      SequencedMap<Reference, PlacedNode> children)
      throws IOException {
    int last = parent.childCount() - 1;
    long leavesOfChild = leavesBelow(level);
    // First the last: the right edge stays in front.
    long edge = placed.leafIndex() + last * leavesOfChild;
    add(new PlacedNode(parent.child(last), placed.place(), edge), level, children);
    for (int i = 0; i < last; i++) {
      long leafIndex = placed.leafIndex() + i * leavesOfChild;
      add(new PlacedNode(parent.child(i), Place.INSIDE, leafIndex), level, children);
    }
  }

  /// Of a full node. Since there is a highest level, it fits.
  private long leavesBelow(int level) {
    long leaves = 1;
    for (int i = 0; i < level; i++) {
      leaves *= root.blockSize().arity();
    }
    return leaves;
  }

  /// The key of an internal node is its hash, so a block can be only one: listed with a second key,
  /// it need not be read again to know that one of the two is wrong.
  private void add(PlacedNode node, int level, SequencedMap<Reference, PlacedNode> nodes)
      throws IOException {
    Reference reference = node.pair().reference();
    PlacedNode known = nodes.putIfAbsent(reference, node);
    if (known != null && known.pair().equals(node.pair())) {
      nodes.put(reference, known.and(node));
    } else if (known != null) {
      visitor.finding(
          new Finding.Malformed(reference, "listed with two keys"), level, node.leafIndex());
    }
  }

  private Optional<InternalNode> visitInternal(PlacedNode placed, int level) throws IOException {
    ReferenceKeyPair pair = placed.pair();
    Reference reference = pair.reference();
    visitBlock(reference, level);
    try {
      reader.readNode(pair, level, Dialect.V1_0_0, node);
      if (!reader.keyOf(node, BlockKernel.UNKEYED).equals(pair.key())) {
        visitor.finding(
            level == root.level()
                ? new Finding.WrongRootKey(reference)
                : new Finding.Malformed(reference, InternalNode.FOREIGN_KEY),
            level,
            placed.leafIndex());
        return Optional.empty();
      }
      InternalNode internal = InternalNode.parse(node);
      requireShape(internal, level, placed.place());
      return Optional.of(internal);
    } catch (ErisException e) {
      visitor.finding(Finding.of(reference, e), level, placed.leafIndex());
      return Optional.empty();
    }
  }

  private void requireShape(InternalNode internal, int level, Place place) throws MalformedTree {
    if (level == root.level()) {
      internal.requireRoot();
    }
    if (place != Place.RIGHT_EDGE) {
      internal.requireFull();
    }
    if (place != Place.INSIDE) {
      edgePosition =
          TreePath.childOnRightEdge(edgePosition, internal.childCount() - 1, root.blockSize());
    }
  }

  private void tellLeaves(InternalNode parent) throws IOException {
    Reference last = Reference.LEAST; // which is no block's
    for (int i = 0; i < parent.childCount(); i++) {
      Reference leaf = parent.child(i).reference();
      if (!leaf.equals(last)) {
        visitor.block(leaf, 0);
      }
      last = leaf;
    }
  }

  private void visitLeaves(InternalNode parent, PlacedNode placed) throws IOException {
    int last = parent.childCount() - 1;
    if (placed.place() != Place.INSIDE) {
      visitLastLeaf(new Leaf(parent.child(last), placed.leafIndex() + last));
    }
    List<Leaf> unseen = new ArrayList<>(parent.childCount());
    for (int i = 0; i <= last; i++) {
      var leaf = new Leaf(parent.child(i), placed.leafIndex() + i);
      if (isUnseen(leaf)) {
        unseen.add(leaf);
      }
    }
    for (int i = 0; i < unseen.size(); i += BATCH_BLOCKS) {
      visitInnerLeaves(unseen.subList(i, Math.min(i + BATCH_BLOCKS, unseen.size())));
    }
  }

  /// Whether a leaf is to be read. One block under two keys is two leaves only to who checks keys,
  /// and then one of them is wrong: that need not be read.
  private boolean isUnseen(Leaf leaf) throws IOException {
    boolean unseenBlock = visitBlock(leaf.pair().reference(), 0);
    if (canonicalSecret.isPresent() && seenPairs.add(hashOf(leaf.pair())) && !unseenBlock) {
      find(new Finding.NotCanonical(leaf.pair().reference(), 0), leaf);
    }
    return unseenBlock;
  }

  private void visitInnerLeaves(List<Leaf> leaves) throws IOException {
    BlockBatch batch = batch(leaves.size());
    for (int i = 0; i < leaves.size(); i++) {
      leaves.get(i).pair().reference().writeTo(batch.references(), (long) i * Reference.BYTES);
    }
    BitSet read = reader.readBlocks(batch);
    for (int i = 0; i < leaves.size(); i++) {
      Leaf leaf = leaves.get(i);
      try {
        ReferenceKeyPair pair = leaf.pair();
        MemorySegment block = read.get(i) ? batch.block(i) : reader.readBlock(pair.reference());
        if (canonicalSecret.isPresent()) {
          reader.decrypt(block, pair.key(), 0, Dialect.V1_0_0);
          requireCanonical(block, leaf, canonicalSecret.get());
        }
      } catch (ErisException e) {
        find(Finding.of(leaf.pair().reference(), e), leaf);
      }
    }
  }

  private void visitLastLeaf(Leaf leaf) throws IOException {
    isUnseen(leaf); // nothing was seen before it
    ReferenceKeyPair pair = leaf.pair();
    try {
      MemorySegment block =
          reader.readBlock(pair.reference()); // not into `node`: its parent's place
      reader.decrypt(block, pair.key(), 0, Dialect.V1_0_0);
      if (canonicalSecret.isPresent()) {
        requireCanonical(block, leaf, canonicalSecret.get());
      }
      Padding.contentBytes(block);
    } catch (ErisException e) {
      find(Finding.of(pair.reference(), e), leaf);
    }
  }

  private void requireCanonical(MemorySegment block, Leaf leaf, MemorySegment secret)
      throws IOException {
    if (!reader.keyOf(block, secret).equals(leaf.pair().key())) {
      find(new Finding.NotCanonical(leaf.pair().reference(), 0), leaf);
    }
  }

  private void find(Finding finding, Leaf leaf) throws IOException {
    visitor.finding(finding, 0, leaf.index());
  }

  /// @return whether this is the first visit
  private boolean visitBlock(Reference reference, int level) throws IOException {
    boolean first = seen.add(reference);
    if (first) {
      visitor.block(reference, level);
    }
    return first;
  }

  private BlockBatch batch(int count) {
    return new BlockBatch(
        root.blockSize(),
        leaves.asSlice(0, (long) count * root.blockSize().bytes()),
        references.asSlice(0, (long) count * Reference.BYTES));
  }

  private static Reference hashOf(ReferenceKeyPair pair) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[ReferenceKeyPair.BYTES]);
    pair.writeTo(bytes, 0);
    return Reference.of(bytes);
  }

  private record Leaf(ReferenceKeyPair pair, long index) {}

  /// @param leafIndex of the first leaf below it, where it stands first
  private record PlacedNode(ReferenceKeyPair pair, Place place, long leafIndex) {
    PlacedNode and(PlacedNode other) {
      return new PlacedNode(pair, place.and(other.place), Math.min(leafIndex, other.leafIndex));
    }
  }

  /// Where a node stands in the tree; a repeated one can stand in both kinds of places.
  private enum Place {
    INSIDE,
    RIGHT_EDGE,
    BOTH;

    Place and(Place other) {
      return this == other ? this : BOTH;
    }
  }
}
