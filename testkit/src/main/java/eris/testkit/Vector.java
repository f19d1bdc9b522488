package eris.testkit;

import eris.Base32;
import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ErisException.MalformedReference;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.store.BlockSource;
import java.io.ByteArrayInputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// A conformance vector: content and its encoding, or blocks that must not decode.
///
/// The fields are those of the official vectors of ERIS 1.0.0, and those that
/// `conformance-vectors/README.md` adds. Asking for one that the vector does not have fails.
public final class Vector {
  private final JsonNode json;

  Vector(JsonNode json) {
    this.json = json;
  }

  public String name() {
    return text("name");
  }

  public boolean isPositive() {
    return text("type").equals("positive");
  }

  /// The draft that this is a vector of.
  public String state() {
    return text("state");
  }

  public BlockSize blockSize() {
    return BlockSize.ofBytes(field("block-size").asLong()).orElseThrow();
  }

  public ConvergenceSecret secret() {
    return ConvergenceSecret.copyOf(bytes("convergence-secret"));
  }

  public String urn() {
    return text("urn");
  }

  /// The capability as its fields tell, not as its text does.
  public ReadCapability capability() {
    JsonNode fields = field("read-capability");
    byte[] pair = new byte[ReferenceKeyPair.BYTES];
    System.arraycopy(bytes(fields, "root-reference"), 0, pair, 0, Reference.BYTES);
    System.arraycopy(bytes(fields, "root-key"), 0, pair, Reference.BYTES, Reference.BYTES);
    return new ReadCapability(
        BlockSize.ofBytes(field(fields, "block-size").asLong()).orElseThrow(),
        field(fields, "level").asInt(),
        ReferenceKeyPair.readFrom(MemorySegment.ofArray(pair), 0));
  }

  /// The content, from its start.
  public ReadableByteChannel content() {
    return json.has("content")
        ? Channels.newChannel(new ByteArrayInputStream(bytes("content")))
        : new KeyStream(text("content-name"), field("content-size").asLong());
  }

  /// All of the content.
  public byte[] contentBytes() {
    return json.has("content")
        ? bytes("content")
        : KeyStream.bytes(text("content-name"), field("content-size").asInt());
  }

  /// The blocks by reference, in the order of the references. Those of a negative vector need not
  /// match theirs. Empty if the vector has only [#blockCount] and [#blocksDigest].
  public Optional<Map<Reference, byte[]>> blocks() {
    if (!json.has("blocks")) {
      return Optional.empty();
    }
    var blocks = new TreeMap<Reference, byte[]>();
    for (var entry : field("blocks").properties()) {
      blocks.put(reference(entry.getKey()), decode(entry.getValue().asString()));
    }
    return Optional.of(Collections.unmodifiableMap(blocks));
  }

  /// The blocks, just as they are, as a store.
  public BlockSource source() {
    Map<Reference, byte[]> blocks = blocks().orElseThrow();
    return (reference, target) ->
        Optional.ofNullable(blocks.get(reference))
            .map(block -> target.asSlice(0, block.length).copyFrom(MemorySegment.ofArray(block)));
  }

  /// The number of distinct blocks.
  public int blockCount() {
    return field("block-count").asInt();
  }

  /// The BLAKE2b-256 hash of all distinct references, one after the other in ascending order.
  public Reference blocksDigest() {
    return reference(text("blocks-digest"));
  }

  /// What [#blocksDigest] should be for blocks with these references, each given once.
  public static Reference digestOf(Collection<Reference> references) {
    byte[] bytes = new byte[references.size() * Reference.BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    int offset = 0;
    for (Reference reference : new TreeSet<>(references)) {
      reference.writeTo(segment, offset);
      offset += Reference.BYTES;
    }
    return Reference.of(segment);
  }

  /// Of a special tree: what its leaves are filled with.
  public byte leafByte() {
    return (byte) field("leaf-byte").asInt();
  }

  /// Of a special tree: how many times the node of level 1, 2, … lists the one below it.
  public int[] childCounts() {
    return field("child-counts").valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  /// Of a special tree: the size of its content in bytes.
  public long size() {
    return Long.parseLong(text("size"));
  }

  /// The simple name of the exception that decoding must raise.
  public String expect() {
    return text("expect");
  }

  /// Whether that exception must come from opening, before anything is read.
  public boolean failsAtOpen() {
    return switch (text("at")) {
      case "open" -> true;
      case "read" -> false;
      default -> throw new IllegalStateException(name() + ": fails neither at open nor at read");
    };
  }

  @Override
  public String toString() {
    return name();
  }

  private String text(String field) {
    return field(field).asString();
  }

  private byte[] bytes(String field) {
    return bytes(json, field);
  }

  private JsonNode field(String name) {
    return field(json, name);
  }

  private static byte[] bytes(JsonNode json, String field) {
    return decode(field(json, field).asString());
  }

  private static JsonNode field(JsonNode json, String name) {
    return json.required(name);
  }

  private static byte[] decode(String base32) {
    try {
      return Base32.decode(base32);
    } catch (Base32.MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Reference reference(String base32) {
    try {
      return Reference.parse(base32);
    } catch (MalformedReference e) {
      throw new IllegalStateException(e);
    }
  }
}
