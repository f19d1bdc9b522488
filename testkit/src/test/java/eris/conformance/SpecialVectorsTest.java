package eris.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Decoder;
import eris.codec.TreeWalk;
import eris.store.MemoryBlockStore;
import eris.testkit.RepeatedTree;
import eris.testkit.Vector;
import eris.testkit.Vectors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The trees in `conformance-vectors/special/`: more content than anybody can hold.
class SpecialVectorsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("eris.root"), "conformance-vectors", "special");

  private final MemoryBlockStore store = new MemoryBlockStore();

  static List<Vector> vectors() {
    return Vectors.in(FOLDER);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void treeHasItsCapabilityAndBlocks(Vector vector) throws IOException {
    var references = new TreeSet<Reference>();
    ReadCapability capability =
        RepeatedTree.build(
            vector.blockSize(),
            vector.leafByte(),
            vector.childCounts(),
            (reference, _) -> references.add(reference));
    assertThat(capability.toUrn()).isEqualTo(vector.urn());
    assertThat(references).hasSize(vector.blockCount());
    assertThat(Vector.digestOf(references)).isEqualTo(vector.blocksDigest());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void anyPartCanBeRead(Vector vector) throws IOException {
    var decoder = Decoder.open(store, build(vector));
    assertThat(decoder.size()).isEqualTo(vector.size());
    var random = new Random(vector.blockCount());
    for (int i = 0; i < 20; i++) {
      requireContent(vector, decoder, random.nextLong(vector.size()), random.nextInt(70_000));
    }
    requireContent(vector, decoder, 0, 100_000);
    requireContent(vector, decoder, vector.size() - 100_000, 200_000);
    requireContent(vector, decoder, vector.size() - 1, 1 << 20);
    requireContent(vector, decoder, vector.size(), 10);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void walkReadsEachBlockOnce(Vector vector) throws IOException {
    ReadCapability capability = build(vector);
    var visitor = new VectorChecks.Recorder();
    assertThat(TreeWalk.walkCanonical(store, capability, vector.secret(), visitor))
        .isEqualTo(vector.blockCount());
    assertThat(visitor.findings()).isEmpty();
    assertThat(visitor.blocks()).hasSize(vector.blockCount()).doesNotHaveDuplicates();
  }

  @Test
  void bombIsMeasuredAndWalkedAtOnce() throws IOException {
    ReadCapability bomb = RepeatedTree.bomb(store);
    Assertions.assertTimeout(
        Duration.ofSeconds(2), // 10 ms are the aim; here it is enough that nobody counts the leaves
        () -> {
          assertThat(Decoder.open(store, bomb).size()).isEqualTo((1L << 60) - 1);
          assertThat(TreeWalk.walk(store, bomb, new VectorChecks.Recorder())).isEqualTo(6);
        });
  }

  @Test
  void noneIsMissing() {
    assertThat(vectors())
        .extracting(Vector::name)
        .containsExactly("bomb", "largest-1kib", "largest-32kib");
  }

  private ReadCapability build(Vector vector) throws IOException {
    return RepeatedTree.build(vector.blockSize(), vector.leafByte(), vector.childCounts(), store);
  }

  private static void requireContent(Vector vector, Decoder decoder, long from, int count)
      throws IOException {
    var read = ByteBuffer.allocate(count);
    int wanted = (int) Math.min(count, vector.size() - from);
    int got = decoder.position(from).read(read);
    assertThat(got).as("from %d", from).isEqualTo(wanted == 0 && count > 0 ? -1 : wanted);
    byte[] expected = new byte[count];
    for (int i = 0; i < wanted; i++) {
      expected[i] = contentByte(vector.blockSize(), vector.leafByte(), from + i);
    }
    assertThat(read.array()).as("from %d", from).isEqualTo(expected);
  }

  private static byte contentByte(BlockSize blockSize, byte leafByte, long position) {
    return position % blockSize.bytes() == blockSize.bytes() - 1 ? (byte) 0x80 : leafByte;
  }
}
