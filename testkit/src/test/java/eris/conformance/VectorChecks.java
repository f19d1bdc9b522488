package eris.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import eris.ErisException;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Decoder;
import eris.codec.Encoder;
import eris.codec.Finding;
import eris.codec.TreeWalk;
import eris.store.BlockSource;
import eris.testkit.Vector;
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

  static Encoded encode(Vector vector) throws IOException {
    var blocks = new TreeMap<Reference, byte[]>();
    var encoder =
        new Encoder(
            vector.blockSize(),
            (reference, block) -> blocks.put(reference, block.toArray(ValueLayout.JAVA_BYTE)));
    return new Encoded(encoder.encode(vector.content(), vector.secret()), blocks);
  }

  static void encodesToItsBlocks(Vector vector) throws IOException {
    Encoded encoded = encode(vector);
    assertThat(encoded.capability().toUrn()).isEqualTo(vector.urn());
    assertThat(encoded.capability()).isEqualTo(vector.capability());
    Optional<Map<Reference, byte[]>> blocks = vector.blocks();
    if (blocks.isPresent()) {
      assertThat(encoded.blocks().keySet()).isEqualTo(blocks.get().keySet());
      encoded
          .blocks()
          .forEach((reference, block) -> assertThat(block).isEqualTo(blocks.get().get(reference)));
    } else {
      assertThat(encoded.blocks()).hasSize(vector.blockCount());
      assertThat(Vector.digestOf(encoded.blocks().keySet())).isEqualTo(vector.blocksDigest());
    }
  }

  static void decodesFromAnyPosition(Vector vector) throws IOException {
    BlockSource source = vector.blocks().isPresent() ? vector.source() : encode(vector).source();
    decodesFromAnyPosition(
        Decoder.open(source, ReadCapability.parse(vector.urn())), vector.contentBytes());
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

  static void walksWithoutFindings(Vector vector) throws IOException {
    Encoded encoded = encode(vector);
    var visitor = new Recorder();
    long read =
        TreeWalk.walkCanonical(encoded.source(), encoded.capability(), vector.secret(), visitor);
    assertThat(visitor.findings).isEmpty();
    assertThat(visitor.blocks).containsExactlyInAnyOrderElementsOf(encoded.blocks().keySet());
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
    var bytes = new java.io.ByteArrayOutputStream();
    var buffer = ByteBuffer.allocate(10_000);
    while (channel.read(buffer.clear()) >= 0) {
      bytes.write(buffer.array(), 0, buffer.position());
    }
    return bytes.toByteArray();
  }

  private static final class Recorder implements TreeWalk.Visitor {
    private final List<Reference> blocks = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

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
