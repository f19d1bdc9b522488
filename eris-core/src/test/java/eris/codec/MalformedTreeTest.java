package eris.codec;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.ErisException.MalformedTree;
import eris.ErisException.MissingBlock;
import eris.ErisException.WrongKey;
import eris.Key;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Trees of authentic blocks that no encoder makes. A decoder, in sequence and at random, and a walk
/// refuse them for the same reason.
class MalformedTreeTest {
  private static final BlockSize KIB_1 = BlockSize.KIB_1;
  private static final int ARITY = 16;

  /// `goodLeaves` come out before the error; none if it comes from opening.
  record Case(
      String name,
      TreeMaker maker,
      ReadCapability capability,
      Optional<Integer> goodLeaves,
      String detail) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
            padding(),
            internalNodes(),
            nodesOffTheRightEdge(),
            heights(),
            nodesOfTwoPlaces(),
            foreignKeys(),
            sizes())
        .flatMap(List::stream);
  }

  private static List<Case> padding() {
    String detail = "the last leaf has no valid padding";
    var cases = new ArrayList<Case>();
    byte[] dataAfterMark = new byte[1024];
    dataAfterMark[500] = Padding.MARK;
    dataAfterMark[1023] = 1;
    byte[] otherMark = new byte[1024];
    otherMark[0] = 0x40;
    byte[] noMark = new byte[1024];
    for (byte[] leaf : List.of(dataAfterMark, otherMark, noMark)) {
      var level0 = new TreeMaker(KIB_1);
      cases.add(atOpen("padding of level 0", level0, 0, level0.leaf(leaf), detail));
      var level1 = new TreeMaker(KIB_1);
      var root = level1.node(1, level1.lastLeaf(1, 1023), level1.leaf(leaf));
      cases.add(atOpen("padding of level 1", level1, 1, root, detail));
    }
    return cases;
  }

  private static List<Case> internalNodes() {
    var cases = new ArrayList<Case>();
    for (Spoil spoil : Spoil.values()) {
      var level1 = new TreeMaker(KIB_1);
      byte[] root = level1.bytesOf(List.of(level1.leaf(1), level1.lastLeaf(2, 5)));
      spoil.apply(root);
      cases.add(atOpen(spoil + " in the root", level1, 1, level1.node(1, root), spoil.detail));

      var edge = new TreeMaker(KIB_1);
      byte[] last = edge.bytesOf(List.of(edge.leaf(1), edge.lastLeaf(2, 5)));
      spoil.apply(last);
      var edgeRoot = edge.node(2, edge.node(1, edge.leaves(10, ARITY)), edge.node(1, last));
      cases.add(atOpen(spoil + " on the right edge", edge, 2, edgeRoot, spoil.detail));

      var inside = new TreeMaker(KIB_1);
      byte[] middle = inside.bytesOf(inside.leaves(30, 15));
      spoil.apply(middle);
      var insideRoot =
          inside.node(
              2,
              inside.node(1, inside.leaves(10, ARITY)),
              inside.node(1, middle),
              inside.node(1, inside.lastLeaf(2, 5)));
      cases.add(atRead(spoil + " inside", inside, 2, insideRoot, ARITY, spoil.detail));
    }
    return cases;
  }

  private static List<Case> nodesOffTheRightEdge() {
    String detail = "internal node off the right edge is not full";
    var cases = new ArrayList<Case>();
    for (int children : new int[] {1, 2, 15}) {
      var first = new TreeMaker(KIB_1);
      var root =
          first.node(
              2, first.node(1, first.leaves(1, children)), first.node(1, first.lastLeaf(99, 3)));
      cases.add(atRead("first has " + children, first, 2, root, 0, detail));

      var middle = new TreeMaker(KIB_1);
      var middleRoot =
          middle.node(
              2,
              middle.node(1, middle.leaves(1, ARITY)),
              middle.node(1, middle.leaves(50, children)),
              middle.node(1, middle.lastLeaf(99, 3)));
      cases.add(atRead("middle has " + children, middle, 2, middleRoot, ARITY, detail));
    }
    // full at level 1, but the node of level 2 above is not
    var upper = new TreeMaker(KIB_1);
    var short2 = upper.node(2, upper.node(1, upper.leaves(1, ARITY)));
    var edge2 = upper.node(2, upper.node(1, upper.lastLeaf(99, 3)));
    cases.add(atRead("level 2 has 1", upper, 3, upper.node(3, short2, edge2), 0, detail));
    return cases;
  }

  private static List<Case> heights() {
    String detail = "the root has a single child";
    var cases = new ArrayList<Case>();
    for (int level = 1; level <= 14; level++) {
      var maker = new TreeMaker(KIB_1);
      ReferenceKeyPair pair = maker.lastLeaf(1, 100);
      for (int above = 1; above <= level; above++) {
        pair = maker.node(above, pair);
      }
      cases.add(atOpen("chain to level " + level, maker, level, pair, detail));
    }
    var maker = new TreeMaker(KIB_1);
    var root = maker.node(2, maker.node(1, maker.leaf(1), maker.lastLeaf(1, 100)));
    cases.add(atOpen("higher than need be", maker, 2, root, detail));
    return cases;
  }

  /// The same node on the right edge, where it is right, and off it, where it isn't; and the other way.
  private static List<Case> nodesOfTwoPlaces() {
    var shortNode = new TreeMaker(KIB_1);
    var node = shortNode.node(1, shortNode.leaf(1), shortNode.lastLeaf(2, 5));
    var unpadded = new TreeMaker(KIB_1);
    var full = unpadded.node(1, unpadded.leaves(1, ARITY));
    return List.of(
        atRead(
            "short node twice",
            shortNode,
            2,
            shortNode.node(2, node, node),
            0,
            "internal node off the right edge is not full"),
        atOpen(
            "unpadded node twice",
            unpadded,
            2,
            unpadded.node(2, full, full),
            "the last leaf has no valid padding"));
  }

  /// The key of an internal node is its hash, whatever the convergence secret.
  private static List<Case> foreignKeys() {
    var inside = new TreeMaker(KIB_1);
    byte[] nonce = new byte[12];
    nonce[0] = 1;
    byte[] middle = inside.bytesOf(inside.leaves(30, ARITY));
    var insideRoot =
        inside.node(
            2,
            inside.node(1, inside.leaves(10, ARITY)),
            inside.put(middle, Samples.bytes(1, Key.BYTES), nonce),
            inside.node(1, inside.lastLeaf(2, 5)));
    var edge = new TreeMaker(KIB_1);
    byte[] last = edge.bytesOf(List.of(edge.leaf(1), edge.lastLeaf(2, 5)));
    var edgeRoot =
        edge.node(
            2,
            edge.node(1, edge.leaves(10, ARITY)),
            edge.put(last, Samples.bytes(1, Key.BYTES), nonce));
    return List.of(
        atRead("foreign key inside", inside, 2, insideRoot, ARITY, InternalNode.FOREIGN_KEY),
        atOpen("foreign key on the edge", edge, 2, edgeRoot, InternalNode.FOREIGN_KEY));
  }

  private static List<Case> sizes() {
    var cases = new ArrayList<Case>();
    for (int children = 3; children <= ARITY; children++) {
      cases.add(tooLarge(KIB_1, 14, children));
    }
    for (int children : new int[] {9, 16, 511, 512}) {
      cases.add(tooLarge(BlockSize.KIB_32, 6, children));
    }
    return cases;
  }

  /// Equal nodes, full but for the root.
  private static Case tooLarge(BlockSize blockSize, int level, int children) {
    var maker = new TreeMaker(blockSize);
    ReferenceKeyPair pair = maker.lastLeaf(0, blockSize.bytes() - 1);
    for (int above = 1; above <= level; above++) {
      int count = above == level ? children : blockSize.arity();
      pair = maker.node(above, repeat(pair, count));
    }
    return atOpen(
        "root of %d with %s".formatted(children, blockSize),
        maker,
        level,
        pair,
        blockSize,
        "content of more than 2^63 - 1 bytes");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readingInSequenceGivesTheLeavesBeforeIt(Case wrong) throws IOException {
    Decoder decoder;
    try {
      decoder = Decoder.open(wrong.maker.store, wrong.capability);
    } catch (MalformedTree e) {
      assertThat(e.detail()).isEqualTo(wrong.detail);
      assertThat(wrong.goodLeaves).isEmpty();
      return;
    }
    var read = ByteBuffer.allocate(1 << 20);
    try {
      while (decoder.read(read) >= 0) {
        // until it fails
      }
      throw new AssertionError("can be read");
    } catch (MalformedTree e) {
      assertThat(e.detail()).isEqualTo(wrong.detail);
      assertThat(wrong.goodLeaves).contains(read.position() / 1024);
      assertThat(read.position() % 1024).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readingAtRandomFailsInTheSamePlace(Case wrong) throws IOException {
    if (wrong.goodLeaves.isEmpty()) {
      return; // can't be opened
    }
    Decoder decoder = Decoder.open(wrong.maker.store, wrong.capability);
    int bad = wrong.goodLeaves.get();
    for (int leaf = bad + ARITY - 1; leaf >= 0; leaf--) {
      decoder.position(leaf * 1024L + 7);
      try {
        assertThat(decoder.read(ByteBuffer.allocate(1))).isOne();
        assertThat(leaf).isLessThan(bad);
      } catch (MalformedTree e) {
        assertThat(leaf).isGreaterThanOrEqualTo(bad);
        assertThat(e.detail()).isEqualTo(wrong.detail);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void walkFindsJustThat(Case wrong) throws IOException {
    Findings findings = Findings.of(wrong.maker.store, wrong.capability);
    assertThat(findings.findings)
        .singleElement()
        .isInstanceOfSatisfying(
            Finding.Malformed.class,
            finding -> assertThat(finding.detail()).isEqualTo(wrong.detail));
  }

  @Test
  void levelOfNoContentIsRefusedBeforeAnythingIsRead() {
    for (BlockSize blockSize : BlockSize.values()) {
      for (int level = blockSize.maxLevel() + 1; level < 256; level++) {
        var maker = new TreeMaker(blockSize);
        ReadCapability capability = maker.capability(level, maker.lastLeaf(1, 1));
        assertThat(failureOf(maker, capability))
            .isInstanceOf(MalformedTree.class)
            .hasMessage(
                "malformed tree: level %d, but no content needs more than %d",
                level, blockSize.maxLevel());
        assertThat(walkFailureOf(maker, capability)).isInstanceOf(MalformedTree.class);
        assertThat(maker.store.gets).isZero();
      }
    }
  }

  @Test
  void otherLevelIsAWrongKey() {
    var maker = new TreeMaker(KIB_1);
    TreeMaker.Tree tree = maker.encode(Samples.bytes(1, 20_000));
    for (int level = 1; level <= 14; level++) {
      if (level != tree.level()) {
        requireWrongKey(maker, maker.capability(level, tree.root()));
      }
    }
    assertThat(failureOf(maker, maker.capability(0, tree.root())))
        .isInstanceOf(MalformedTree.class);
  }

  @Test
  void otherRootKeyIsAWrongKey() {
    var maker = new TreeMaker(KIB_1);
    TreeMaker.Tree tree = maker.encode(Samples.bytes(1, 20_000));
    var other = new ReferenceKeyPair(tree.root().reference(), Samples.key(3));
    requireWrongKey(maker, maker.capability(tree.level(), other));
  }

  /// A tree that is whole but for this one rule: only the comparison of the key refuses it.
  @Test
  void rootEncryptedUnderAnyKeyIsAWrongKey() {
    var maker = new TreeMaker(KIB_1);
    byte[] root = maker.bytesOf(List.of(maker.leaf(1), maker.lastLeaf(2, 5)));
    var pair =
        maker.put(
            root, Samples.bytes(1, Key.BYTES), new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    requireWrongKey(maker, maker.capability(1, pair));
  }

  @Test
  void otherBlockSizeIsACorruptBlock() {
    for (BlockSize blockSize : BlockSize.values()) {
      var maker = new TreeMaker(blockSize);
      TreeMaker.Tree tree = maker.encode(Samples.bytes(1, 40_000));
      BlockSize other = blockSize == KIB_1 ? BlockSize.KIB_32 : KIB_1;
      var capability = new ReadCapability(other, tree.level(), tree.root());
      assertThat(failureOf(maker, capability))
          .isInstanceOf(CorruptBlock.class)
          .hasMessageEndingWith(
              "is corrupt: holds %d bytes, want %d", blockSize.bytes(), other.bytes());
    }
  }

  @Test
  void nothingAtAllIsAMissingBlock() {
    var maker = new TreeMaker(KIB_1);
    assertThat(failureOf(maker, maker.capability(3, Samples.pair(1))))
        .isInstanceOf(MissingBlock.class);
  }

  private static void requireWrongKey(TreeMaker maker, ReadCapability capability) {
    assertThat(failureOf(maker, capability)).isInstanceOf(WrongKey.class);
    try {
      assertThat(Findings.of(maker.store, capability).findings)
          .containsExactly(new Finding.WrongRootKey(capability.root().reference()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Exception failureOf(TreeMaker maker, ReadCapability capability) {
    try {
      Decoder.open(maker.store, capability);
    } catch (IOException e) {
      return e;
    }
    throw new AssertionError("can be opened");
  }

  private static Exception walkFailureOf(TreeMaker maker, ReadCapability capability) {
    try {
      Findings.of(maker.store, capability);
    } catch (IOException e) {
      return e;
    }
    throw new AssertionError("can be walked");
  }

  private static List<ReferenceKeyPair> repeat(ReferenceKeyPair pair, int count) {
    return IntStream.range(0, count).mapToObj(_ -> pair).toList();
  }

  private static Case atOpen(
      String name, TreeMaker maker, int level, ReferenceKeyPair root, String detail) {
    return atOpen(name, maker, level, root, KIB_1, detail);
  }

  private static Case atOpen(
      String name,
      TreeMaker maker,
      int level,
      ReferenceKeyPair root,
      BlockSize blockSize,
      String detail) {
    var capability = new ReadCapability(blockSize, level, root);
    return new Case(name, maker, capability, Optional.empty(), detail);
  }

  private static Case atRead(
      String name,
      TreeMaker maker,
      int level,
      ReferenceKeyPair root,
      int goodLeaves,
      String detail) {
    return new Case(name, maker, maker.capability(level, root), Optional.of(goodLeaves), detail);
  }

  /// What can be wrong with the bytes of an internal node that is not full.
  private enum Spoil {
    NO_CHILDREN("internal node without children") {
      @Override
      void apply(byte[] node) {
        Arrays.fill(node, (byte) 0);
      }
    },
    NULL_REFERENCE_FIRST("internal node without children") {
      @Override
      void apply(byte[] node) {
        Arrays.fill(node, 0, Reference.BYTES, (byte) 0);
      }
    },
    KEY_OF_NULL_REFERENCE("internal node with data after its last child") {
      @Override
      void apply(byte[] node) {
        node[node.length - 1] = 1;
      }
    };

    private final String detail;

    Spoil(String detail) {
      this.detail = detail;
    }

    abstract void apply(byte[] node);
  }
}
