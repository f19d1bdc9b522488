package eris;

import eris.kernel.BlockKernel;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// The BLAKE2b-256 hash of an encrypted block: its address in every store.
///
/// Held as four big-endian words, so equality, hashing and map lookups never touch the heap.
public record Reference(long w0, long w1, long w2, long w3) implements Comparable<Reference> {
  public static final int BYTES = Words.BYTES;

  /// The reference that is not greater than any other: where an inventory begins.
  public static final Reference LEAST = new Reference(0, 0, 0, 0);

  private static final String URN_PREFIX = "urn:blake2b:";

  /// Hashes an encrypted block.
  public static Reference of(MemorySegment block) {
    MemorySegment digest = MemorySegment.ofArray(new byte[BYTES]);
    BlockKernel.best()
        .hash(block, Math.toIntExact(block.byteSize()), BlockKernel.UNKEYED, digest, BYTES);
    return readFrom(digest, 0);
  }

  /// Hashes the encrypted blocks of one size that lie end to end in `blocks`. Their references go to
  /// `target`, end to end too.
  public static void writeAll(MemorySegment blocks, BlockSize size, MemorySegment target) {
    BlockKernel.best().hash(blocks, size.bytes(), BlockKernel.UNKEYED, target, BYTES);
  }

  public static Reference readFrom(MemorySegment source, long offset) {
    Objects.checkFromIndexSize(offset, BYTES, source.byteSize());
    return new Reference(
        Words.read(source, offset, 0),
        Words.read(source, offset, 1),
        Words.read(source, offset, 2),
        Words.read(source, offset, 3));
  }

  public void writeTo(MemorySegment target, long offset) {
    Objects.checkFromIndexSize(offset, BYTES, target.byteSize());
    Words.write(target, offset, w0, w1, w2, w3);
  }

  /// Parses 52 characters of Base32, with or without `urn:blake2b:` before them.
  ///
  /// @throws ErisException.MalformedReference if `text` is anything else
  public static Reference parse(String text) throws ErisException.MalformedReference {
    boolean urn = Urn.hasPrefix(text, URN_PREFIX);
    String digits = urn ? text.substring(URN_PREFIX.length()) : text;
    int want = Base32.encodedLength(BYTES);
    if (digits.length() != want) {
      throw new ErisException.MalformedReference(
          "%d characters, want %d".formatted(digits.length(), want));
    }
    try {
      return readFrom(MemorySegment.ofArray(Base32.decode(digits)), 0);
    } catch (Base32.MalformedException e) {
      throw new ErisException.MalformedReference(e.detail());
    }
  }

  /// The form in which block servers are asked (EER http): `urn:blake2b:` and the Base32.
  public String toUrn() {
    return URN_PREFIX + this;
  }

  /// Whether this ends an internal node: unused slots are filled with zeros.
  public boolean isNull() {
    return (w0 | w1 | w2 | w3) == 0;
  }

  /// The first and last four characters, for messages to people.
  public String abbreviated() {
    String text = toString();
    return text.substring(0, 4) + "…" + text.substring(text.length() - 4);
  }

  /// In the order of the bytes.
  @Override
  public int compareTo(Reference that) {
    int order = Long.compareUnsigned(w0, that.w0);
    order = order != 0 ? order : Long.compareUnsigned(w1, that.w1);
    order = order != 0 ? order : Long.compareUnsigned(w2, that.w2);
    return order != 0 ? order : Long.compareUnsigned(w3, that.w3);
  }

  /// References are uniformly distributed: any word is a hash.
  @Override
  public int hashCode() {
    return Long.hashCode(w0);
  }

  /// Base32, as in the specification's test vectors.
  @Override
  public String toString() {
    byte[] bytes = new byte[BYTES];
    writeTo(MemorySegment.ofArray(bytes), 0);
    return Base32.encode(bytes);
  }
}
