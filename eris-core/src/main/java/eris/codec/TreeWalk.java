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
      visitLastLeaf(root.pair());
    } else {
      SequencedMap<Reference, PlacedNode> nodes = new LinkedHashMap<>();
      add(root.pair(), Place.RIGHT_EDGE, nodes);
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
      Place place = node.place();
      Optional<InternalNode> visited = visitInternal(node.pair(), level, place);
      if (visited.isEmpty()) {
        continue;
      }
      if (level == 1 && readsLeaves) {
        visitLeaves(visited.get(), place);
      } else if (level == 1) {
        tellLeaves(visited.get());
      } else {
        addChildren(visited.get(), place, children);
      }
    }
    return children;
  }

  private void addChildren(
      InternalNode parent, Place place, SequencedMap<Reference, PlacedNode> children)
      throws IOException {
    int last = parent.childCount() - 1;
    add(parent.child(last), place, children); // first: the right edge stays in front
    for (int i = 0; i < last; i++) {
      add(parent.child(i), Place.INSIDE, children);
    }
  }

  /// The key of an internal node is its hash, so a block can be only one: listed with a second key,
  /// it need not be read again to know that one of the two is wrong.
  private void add(ReferenceKeyPair pair, Place place, SequencedMap<Reference, PlacedNode> nodes)
      throws IOException {
    PlacedNode known = nodes.putIfAbsent(pair.reference(), new PlacedNode(pair, place));
    if (known != null && known.pair().equals(pair)) {
      nodes.put(pair.reference(), new PlacedNode(pair, known.place().and(place)));
    } else if (known != null) {
      visitor.finding(new Finding.Malformed(pair.reference(), "listed with two keys"));
    }
  }

  private Optional<InternalNode> visitInternal(ReferenceKeyPair pair, int level, Place place)
      throws IOException {
    Reference reference = pair.reference();
    visitBlock(reference, level);
    try {
      reader.readNode(pair, level, Dialect.V1_0_0, node);
      if (!reader.keyOf(node, BlockKernel.UNKEYED).equals(pair.key())) {
        visitor.finding(
            level == root.level()
                ? new Finding.WrongRootKey(reference)
                : new Finding.Malformed(reference, InternalNode.FOREIGN_KEY));
        return Optional.empty();
      }
      InternalNode internal = InternalNode.parse(node);
      requireShape(internal, level, place);
      return Optional.of(internal);
    } catch (ErisException e) {
      visitor.finding(Finding.of(reference, e));
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

  private void visitLeaves(InternalNode parent, Place place) throws IOException {
    int last = parent.childCount() - 1;
    if (place != Place.INSIDE) {
      visitLastLeaf(parent.child(last));
    }
    List<ReferenceKeyPair> unseen = new ArrayList<>(parent.childCount());
    for (int i = 0; i <= last; i++) {
      ReferenceKeyPair pair = parent.child(i);
      if (isUnseenLeaf(pair)) {
        unseen.add(pair);
      }
    }
    for (int i = 0; i < unseen.size(); i += BATCH_BLOCKS) {
      visitInnerLeaves(unseen.subList(i, Math.min(i + BATCH_BLOCKS, unseen.size())));
    }
  }

  /// Whether a leaf is to be read. One block under two keys is two leaves only to who checks keys,
  /// and then one of them is wrong: that need not be read.
  private boolean isUnseenLeaf(ReferenceKeyPair pair) throws IOException {
    boolean unseenBlock = visitBlock(pair.reference(), 0);
    if (canonicalSecret.isPresent() && seenPairs.add(hashOf(pair)) && !unseenBlock) {
      visitor.finding(new Finding.NotCanonical(pair.reference(), 0));
    }
    return unseenBlock;
  }

  private void visitInnerLeaves(List<ReferenceKeyPair> leaves) throws IOException {
    BlockBatch batch = batch(leaves.size());
    for (int i = 0; i < leaves.size(); i++) {
      leaves.get(i).reference().writeTo(batch.references(), (long) i * Reference.BYTES);
    }
    BitSet read = reader.readBlocks(batch);
    for (int i = 0; i < leaves.size(); i++) {
      try {
        ReferenceKeyPair pair = leaves.get(i);
        MemorySegment block = read.get(i) ? batch.block(i) : reader.readBlock(pair.reference());
        if (canonicalSecret.isPresent()) {
          reader.decrypt(block, pair.key(), 0, Dialect.V1_0_0);
          requireCanonical(block, pair, canonicalSecret.get());
        }
      } catch (ErisException e) {
        visitor.finding(Finding.of(leaves.get(i).reference(), e));
      }
    }
  }

  private void visitLastLeaf(ReferenceKeyPair pair) throws IOException {
    isUnseenLeaf(pair); // nothing was seen before it
    try {
      MemorySegment leaf =
          reader.readBlock(pair.reference()); // not into `node`: its parent's place
      reader.decrypt(leaf, pair.key(), 0, Dialect.V1_0_0);
      if (canonicalSecret.isPresent()) {
        requireCanonical(leaf, pair, canonicalSecret.get());
      }
      Padding.contentBytes(leaf);
    } catch (ErisException e) {
      visitor.finding(Finding.of(pair.reference(), e));
    }
  }

  private void requireCanonical(MemorySegment leaf, ReferenceKeyPair pair, MemorySegment secret)
      throws IOException {
    if (!reader.keyOf(leaf, secret).equals(pair.key())) {
      visitor.finding(new Finding.NotCanonical(pair.reference(), 0));
    }
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

  private record PlacedNode(ReferenceKeyPair pair, Place place) {}

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
