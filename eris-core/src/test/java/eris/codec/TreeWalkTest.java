package eris.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.Dialect;
import eris.Key;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeWalkTest {
  private static final ConvergenceSecret NULL = ConvergenceSecret.nullSecret();
  private static final byte[] NONCE_OF_LEVEL_1 = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  private final TreeMaker maker = new TreeMaker(BlockSize.KIB_1);

  @ParameterizedTest
  @CsvSource({
    "KIB_1, 0",
    "KIB_1, 1023",
    "KIB_1, 1024",
    "KIB_1, 16384",
    "KIB_1, 100000",
    "KIB_1, 300000",
    "KIB_32, 0",
    "KIB_32, 1000000"
  })
  void visitsJustTheBlocksOfATree(BlockSize blockSize, int size) throws IOException {
    var maker = new TreeMaker(blockSize, Dialect.V1_0_0, Samples.secret(1));
    TreeMaker.Tree tree = maker.encode(Samples.bytes(size, size));
    ReadCapability capability = maker.capability(tree.level(), tree.root());
    for (Findings walk :
        List.of(
            Findings.of(maker.store, capability),
            Findings.ofCanonical(maker.store, capability, Samples.secret(1)))) {
      assertThat(walk.findings).isEmpty();
      assertThat(walk.levels).containsOnlyKeys(maker.store.blocks.keySet());
      assertThat(walk.blocksRead).isEqualTo(maker.store.blocks.size());
      assertThat(walk.levels.get(capability.root().reference())).isEqualTo(capability.level());
      Map<Integer, Long> perLevel =
          walk.levels.values().stream()
              .collect(Collectors.groupingBy(level -> level, Collectors.counting()));
      assertThat(perLevel.get(0)).isEqualTo(size / blockSize.bytes() + 1);
      assertThat(perLevel).hasSize(capability.level() + 1);
    }
    assertThat(maker.store.gets).isEqualTo(2L * maker.store.blocks.size());
  }

  @ParameterizedTest
  @CsvSource({"KIB_1, 0", "KIB_1, 1024", "KIB_1, 300000", "KIB_32, 1000000"})
  void internalNodesTellOfEveryBlock(BlockSize blockSize, int size) throws IOException {
    var maker = new TreeMaker(blockSize);
    TreeMaker.Tree tree = maker.encode(Samples.bytes(size, size));
    ReadCapability capability = maker.capability(tree.level(), tree.root());
    Findings all = Findings.of(maker.store, capability);
    long getsBefore = maker.store.gets;
    Findings nodes = Findings.ofNodes(maker.store, capability);
    assertThat(nodes.levels).isEqualTo(all.levels);
    assertThat(nodes.findings).isEmpty();
    assertThat(nodes.blocksRead)
        .isEqualTo(all.levels.values().stream().filter(level -> level > 0).count());
    assertThat(maker.store.gets - getsBefore).isEqualTo(nodes.blocksRead);
  }

  @Test
  void visitsRepeatedBlocksOnce() throws IOException {
    TreeMaker.Tree tree = maker.encode(new byte[300_000]);
    Findings walk = walk(tree.level(), tree.root());
    assertThat(walk.findings).isEmpty();
    assertThat(walk.levels).containsOnlyKeys(maker.store.blocks.keySet());
    assertThat(walk.blocksRead).isEqualTo(maker.store.blocks.size());
  }

  /// 2^60 - 1 bytes: six blocks, each of which lists the next 512 times.
  @Test
  void bombIsSixBlocks() throws IOException {
    var maker = new TreeMaker(BlockSize.KIB_32);
    ReferenceKeyPair pair = maker.lastLeaf(0, 32_767);
    for (int level = 1; level <= 5; level++) {
      pair = maker.node(level, Collections.nCopies(512, pair));
    }
    ReadCapability bomb = maker.capability(5, pair);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          assertThat(Decoder.open(maker.store, bomb).size()).isEqualTo((1L << 60) - 1);
          assertThat(maker.store.gets).isEqualTo(6);
          Findings walk = Findings.ofCanonical(maker.store, bomb, NULL);
          assertThat(walk.findings).isEmpty();
          assertThat(walk.blocksRead).isEqualTo(6);
          assertThat(maker.store.gets).isEqualTo(12);
          assertThat(walk.levels.values()).containsExactly(5, 4, 3, 2, 1, 0);
        });
  }

  @ParameterizedTest
  @CsvSource({"KIB_1, 14, 2", "KIB_32, 6, 8"})
  void largestContentIsFine(BlockSize blockSize, int level, int rootChildren) throws IOException {
    var maker = new TreeMaker(blockSize);
    ReferenceKeyPair pair = maker.lastLeaf(0, blockSize.bytes() - 1);
    for (int above = 1; above <= level; above++) {
      int children = above == level ? rootChildren : blockSize.arity();
      pair = maker.node(above, Collections.nCopies(children, pair));
    }
    ReadCapability capability = maker.capability(level, pair);
    Decoder decoder = Decoder.open(maker.store, capability);
    assertThat(decoder.size()).isEqualTo(Long.MAX_VALUE);
    decoder.position(Long.MAX_VALUE - 1);
    assertThat(decoder.read(ByteBuffer.allocate(10))).isOne();
    Findings walk = Findings.of(maker.store, capability);
    assertThat(walk.findings).isEmpty();
    assertThat(walk.blocksRead).isEqualTo(level + 1);
  }

  /// Pairs whose hash codes are all the same, as many as fit into a few nodes.
  @Test
  void chosenPairsDoNotSlowItDown() {
    var maker = new TreeMaker(BlockSize.KIB_32);
    List<ReferenceKeyPair> parents = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      List<ReferenceKeyPair> children = new ArrayList<>();
      for (int j = 1; j <= 512; j++) {
        children.add(new ReferenceKeyPair(new Reference(1, 2, i, j), Samples.key(1)));
      }
      parents.add(maker.node(2, children));
    }
    ReadCapability capability = maker.capability(3, maker.node(3, parents));
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThat(Findings.of(maker.store, capability).findings).hasSize(128 * 512));
  }

  @Test
  void findsAllThatIsWrongAtOnce() throws IOException {
    var missingLeaf = maker.leaf(1);
    var corruptLeaf = maker.leaf(2);
    var shortLeaf = maker.leaf(3);
    var missingNode = maker.node(1, maker.leaves(20, 16));
    var corruptNode = maker.node(1, maker.leaves(40, 16));
    var shortNode = maker.node(1, maker.leaf(4));
    var badPadding = maker.leaf(5);
    List<ReferenceKeyPair> leaves = new ArrayList<>(maker.leaves(60, 13));
    leaves.addAll(List.of(missingLeaf, corruptLeaf, shortLeaf));
    var root =
        maker.node(
            2,
            maker.node(1, leaves),
            missingNode,
            corruptNode,
            shortNode,
            maker.node(1, maker.leaf(6), badPadding));
    var blocks = maker.store.blocks;
    blocks.remove(missingLeaf.reference());
    blocks.remove(missingNode.reference());
    maker.store.block(corruptLeaf.reference())[7]++;
    maker.store.block(corruptNode.reference())[7]++;
    blocks.put(shortLeaf.reference(), new byte[1000]);
    String noHash = "does not hash to its reference";
    Findings walk = walk(2, root);
    assertThat(walk.findings)
        .containsExactlyInAnyOrder(
            new Finding.Missing(missingLeaf.reference()),
            new Finding.Missing(missingNode.reference()),
            new Finding.Corrupt(corruptLeaf.reference(), noHash),
            new Finding.Corrupt(corruptNode.reference(), noHash),
            new Finding.Corrupt(shortLeaf.reference(), "holds 1000 bytes, want 1024"),
            new Finding.Malformed(
                shortNode.reference(), "internal node off the right edge is not full"),
            new Finding.Malformed(badPadding.reference(), "the last leaf has no valid padding"));
    assertThat(walk.levels).containsKeys(missingLeaf.reference(), missingNode.reference());
  }

  @Test
  void aMissingBlockListedManyTimesIsOneFinding() throws IOException {
    var leaf = maker.leaf(1);
    var root = maker.node(1, leaf, leaf, leaf, maker.lastLeaf(2, 3));
    maker.store.blocks.remove(leaf.reference());
    assertThat(walk(1, root).findings).containsExactly(new Finding.Missing(leaf.reference()));
  }

  @Test
  void everyLeafIsReadAlsoWhereThereAreMoreThanOneBatch() throws IOException {
    var maker = new TreeMaker(BlockSize.KIB_32);
    List<ReferenceKeyPair> leaves = new ArrayList<>(maker.leaves(0, 40));
    leaves.add(maker.lastLeaf(50, 1));
    for (int i : new int[] {0, 15, 16, 17, 39}) {
      maker.store.block(leaves.get(i).reference())[0]++;
    }
    Findings walk = Findings.of(maker.store, maker.capability(1, maker.node(1, leaves)));
    assertThat(walk.findings)
        .extracting(Finding::reference)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.of(0, 15, 16, 17, 39).mapToObj(i -> leaves.get(i).reference()).toList());
  }

  @Test
  void theLastLeafMayStandElsewhereToo() throws IOException {
    var padded = maker.lastLeaf(1, 1000);
    var root = maker.node(1, padded, maker.leaf(2), padded);
    Findings walk = walk(1, root);
    assertThat(walk.findings).isEmpty();
    assertThat(walk.blocksRead).isEqualTo(3);
  }

  @Test
  void aLeafMayBeTheBlockOfAnInternalNode() throws IOException {
    var inner = maker.node(1, maker.leaves(1, 16));
    var sameBlock = new ReferenceKeyPair(inner.reference(), Samples.key(1));
    var root = maker.node(2, inner, maker.node(1, sameBlock, maker.lastLeaf(30, 1)));
    Findings walk = walk(2, root);
    assertThat(walk.findings).isEmpty();
    assertThat(walk.levels).containsOnlyKeys(maker.store.blocks.keySet());
  }

  @Test
  void onlyAWalkWithTheRightSecretFindsEveryKeyRight() throws IOException {
    var maker = new TreeMaker(BlockSize.KIB_1, Dialect.V1_0_0, Samples.secret(1));
    TreeMaker.Tree tree = maker.encode(Samples.bytes(1, 3000));
    ReadCapability capability = maker.capability(tree.level(), tree.root());
    assertThat(Findings.of(maker.store, capability).findings).isEmpty();
    assertThat(Findings.ofCanonical(maker.store, capability, NULL).findings)
        .hasSize(3)
        .allSatisfy(
            finding ->
                assertThat(finding).isEqualTo(new Finding.NotCanonical(finding.reference(), 0)));
  }

  @Test
  void canonicalWalkChecksTheKeyOfALoneLeaf() throws IOException {
    var leaf = maker.lastLeaf(1, 100);
    assertThat(canonical(0, leaf).findings).isEmpty();
    Findings walk = Findings.ofCanonical(maker.store, maker.capability(0, leaf), Samples.secret(1));
    assertThat(walk.findings).containsExactly(new Finding.NotCanonical(leaf.reference(), 0));
  }

  @Test
  void canonicalWalkFindsALeafUnderAForeignKey() throws IOException {
    byte[] bytes = Samples.bytes(1, 1024);
    var foreign = maker.put(bytes, Samples.bytes(2, Key.BYTES), new byte[12]);
    var root = maker.node(1, maker.leaf(1), foreign, maker.lastLeaf(3, 3));
    assertThat(walk(1, root).findings).isEmpty();
    assertThat(canonical(1, root).findings)
        .containsExactly(new Finding.NotCanonical(foreign.reference(), 0));
  }

  @Test
  void anInternalNodeUnderAForeignKeyIsMalformed() throws IOException {
    byte[] bytes = maker.bytesOf(maker.leaves(1, 16));
    var foreign = maker.put(bytes, Samples.bytes(2, Key.BYTES), NONCE_OF_LEVEL_1);
    var root = maker.node(2, foreign, maker.node(1, maker.lastLeaf(30, 3)));
    assertThat(walk(2, root).findings)
        .containsExactly(new Finding.Malformed(foreign.reference(), InternalNode.FOREIGN_KEY));
  }

  /// Else a few blocks could ask for as many reads as they can list keys, level by level.
  @Test
  void anInternalNodeListedWithManyKeysIsReadOnce() throws IOException {
    var node = maker.node(1, maker.leaves(1, 16));
    ReferenceKeyPair[] children = new ReferenceKeyPair[16];
    for (int i = 0; i < 15; i++) {
      children[i] = i == 3 ? node : new ReferenceKeyPair(node.reference(), Samples.key(i));
    }
    children[15] = maker.node(1, maker.lastLeaf(30, 3));
    Findings walk = walk(2, maker.node(2, children));
    assertThat(walk.findings).hasSize(15).allMatch(Finding.Malformed.class::isInstance);
    assertThat(walk.blocksRead).isEqualTo(4); // the root, the two nodes below it, the last leaf
  }

  @Test
  void canonicalWalkChecksALeafUnderEachOfItsKeys() throws IOException {
    var leaf = maker.leaf(1);
    var other = new ReferenceKeyPair(leaf.reference(), Samples.key(1));
    var another = new ReferenceKeyPair(leaf.reference(), Samples.key(2));
    var root = maker.node(1, other, leaf, another, other, maker.lastLeaf(2, 3));
    assertThat(walk(1, root).findings).isEmpty();
    Findings walk = canonical(1, root);
    var finding = new Finding.NotCanonical(leaf.reference(), 0);
    assertThat(walk.findings).containsExactly(finding, finding, finding); // one key is read
    assertThat(walk.levels).hasSize(3); // each block is reported once all the same
  }

  @Test
  void canonicalWalkChecksTheKeyOfTheLastLeaf() throws IOException {
    byte[] bytes = new byte[1024];
    bytes[3] = Padding.MARK;
    var foreign = maker.put(bytes, Samples.bytes(2, Key.BYTES), new byte[12]);
    var root = maker.node(1, maker.leaf(1), foreign);
    assertThat(walk(1, root).findings).isEmpty();
    assertThat(canonical(1, root).findings)
        .containsExactly(new Finding.NotCanonical(foreign.reference(), 0));
  }

  @Test
  void failureOfTheSourceEndsTheWalk() {
    var failure = new IOException("device gone");
    TreeMaker.Tree tree = maker.encode(new byte[5000]);
    assertThatThrownBy(
            () ->
                TreeWalk.walk(
                    (_, _) -> {
                      throw failure;
                    },
                    maker.capability(tree.level(), tree.root()),
                    new TreeWalk.Visitor() {}))
        .isSameAs(failure);
  }

  @Test
  void aVisitorMayLookAtNothing() throws IOException {
    TreeMaker.Tree tree = maker.encode(Samples.bytes(1, 5000));
    maker.store.blocks.remove(tree.root().reference());
    assertThat(
            TreeWalk.walk(
                maker.store,
                maker.capability(tree.level(), tree.root()),
                new TreeWalk.Visitor() {}))
        .isZero();
  }

  @Test
  void aVisitorMayEndTheWalk() {
    TreeMaker.Tree tree = maker.encode(Samples.bytes(1, 5000));
    var enough = new IOException("enough");
    var visitor =
        new TreeWalk.Visitor() {
          @Override
          public void block(Reference reference, int level) throws IOException {
            throw enough;
          }
        };
    assertThatThrownBy(
            () -> TreeWalk.walk(maker.store, maker.capability(tree.level(), tree.root()), visitor))
        .isSameAs(enough);
  }

  private Findings walk(int level, ReferenceKeyPair root) throws IOException {
    return Findings.of(maker.store, maker.capability(level, root));
  }

  private Findings canonical(int level, ReferenceKeyPair root) throws IOException {
    return Findings.ofCanonical(maker.store, maker.capability(level, root), NULL);
  }
}
