package eris.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import eris.ConvergenceSecret;
import eris.ErisException;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Decoder;
import eris.codec.Encoder;
import eris.codec.Finding;
import eris.codec.TreeWalk;
import eris.store.BlockSource;
import eris.testkit.Vector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// What every vector is checked for, whoever made it.
final class VectorChecks {
  private static final int RANDOM_READS = 40;

  private VectorChecks() {}

  /// The capability and the blocks of encoded content.
  record Encoded(ReadCapability capability, SortedMap<Reference, byte[]> blocks) {
    BlockSource source() {
      return (reference, target) ->
          Optional.ofNullable(blocks.get(reference))
              .map(block -> target.asSlice(0, block.length).copyFrom(MemorySegment.ofArray(block)));
    }
  }

  /// Encodes to its capability and just its blocks, decodes from any position, walks cleanly.
  static void holds(Vector vector) throws IOException {
    Encoded encoded = encode(vector);
    assertThat(encoded.capability().toUrn()).isEqualTo(vector.urn());
    assertThat(encoded.capability()).isEqualTo(vector.capability());
    assertThat(ReadCapability.parse(vector.urn())).isEqualTo(vector.capability());
    hasBlocks(encoded, vector);
    decodesFromAnyPosition(
        Decoder.open(encoded.source(), encoded.capability()), vector.contentBytes());
    walksWithoutFindings(encoded, vector.secret());
  }

  private static Encoded encode(Vector vector) throws IOException {
    var blocks = new TreeMap<Reference, byte[]>();
    var encoder =
        new Encoder(
            vector.blockSize(),
            (reference, block) -> blocks.put(reference, block.toArray(ValueLayout.JAVA_BYTE)));
    return new Encoded(encoder.encode(vector.content(), vector.secret()), blocks);
  }

  private static void hasBlocks(Encoded encoded, Vector vector) {
    Optional<Map<Reference, byte[]>> blocks = vector.blocks();
    if (blocks.isEmpty()) {
      assertThat(encoded.blocks()).hasSize(vector.blockCount());
      assertThat(Vector.digestOf(encoded.blocks().keySet())).isEqualTo(vector.blocksDigest());
      return;
    }
    assertThat(encoded.blocks().keySet()).isEqualTo(blocks.get().keySet());
    blocks
        .get()
        .forEach(
            (reference, block) -> assertThat(encoded.blocks().get(reference)).isEqualTo(block));
  }

  static void decodesFromAnyPosition(Decoder decoder, byte[] content) throws IOException {
    assertThat(decoder.size()).isEqualTo(content.length);
    assertThat(readAll(decoder)).isEqualTo(content);
    var random = new Random(content.length);
    for (int i = 0; i < RANDOM_READS; i++) {
      int from = random.nextInt(content.length + 1);
      int count = random.nextInt(Math.min(5000, content.length - from) + 1);
      var target = ByteBuffer.allocate(count);
      decoder.position(from).read(target);
      assertThat(target.array())
          .as("%d bytes from %d", count, from)
          .isEqualTo(Arrays.copyOfRange(content, from, from + count));
    }
  }

  private static void walksWithoutFindings(Encoded encoded, ConvergenceSecret secret)
      throws IOException {
    var visitor = new Recorder();
    long read = TreeWalk.walkCanonical(encoded.source(), encoded.capability(), secret, visitor);
    assertThat(visitor.findings()).isEmpty();
    assertThat(visitor.blocks()).containsExactlyInAnyOrderElementsOf(encoded.blocks().keySet());
    assertThat(read).isEqualTo(encoded.blocks().size());
  }

  /// What reading everything ends with, and whether opening already did.
  record Failure(ErisException cause, boolean atOpen) {
    String name() {
      return cause.getClass().getSimpleName();
    }
  }

  static Failure failureOf(Vector vector) throws IOException {
    Decoder decoder;
    try {
      decoder = Decoder.open(vector.source(), ReadCapability.parse(vector.urn()));
    } catch (ErisException e) {
      return new Failure(e, true);
    }
    try {
      readAll(decoder);
    } catch (ErisException e) {
      return new Failure(e, false);
    }
    throw new AssertionError(vector + " can be read");
  }

  /// The kinds of findings of a walk, or of the exception that it ended with.
  static List<String> findingsOf(Vector vector) throws IOException {
    var visitor = new Recorder();
    try {
      TreeWalk.walk(vector.source(), vector.capability(), visitor);
    } catch (ErisException e) {
      return List.of(e.getClass().getSimpleName());
    }
    return visitor.findings.stream().map(VectorChecks::exceptionFor).distinct().toList();
  }

  private static String exceptionFor(Finding finding) {
    return switch (finding) {
      case Finding.Missing _ -> "MissingBlock";
      case Finding.Corrupt _ -> "CorruptBlock";
      case Finding.WrongRootKey _ -> "WrongKey";
      case Finding.Malformed _ -> "MalformedTree";
      case Finding.NotCanonical _ -> "NotCanonical";
    };
  }

  static byte[] readAll(ReadableByteChannel channel) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var buffer = ByteBuffer.allocate(10_000);
    while (channel.read(buffer.clear()) >= 0) {
      bytes.write(buffer.array(), 0, buffer.position());
    }
    return bytes.toByteArray();
  }

  /// What a walk reports.
  record Recorder(List<Reference> blocks, List<Finding> findings) implements TreeWalk.Visitor {
    Recorder() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    @Override
    public void block(Reference reference, int level) {
      blocks.add(reference);
    }

    @Override
    public void finding(Finding finding) {
      findings.add(finding);
    }
  }
}
