package eris.stores.batch;

import eris.Reference;
import java.lang.foreign.MemorySegment;

/// Counts the byte strings of a stream and makes the digest of them, each string hashed first:
/// `digest = BLAKE2b-256(digest || BLAKE2b-256(string))`, from 32 zeros on.
public final class StreamDigest {
  private final MemorySegment pair = MemorySegment.ofArray(new byte[2 * Reference.BYTES]);
  private Reference digest = Reference.LEAST;
  private long count;

  /// Of no strings.
  public StreamDigest() {}

  /// @param hash of the next string; of a block, its reference
  public void add(Reference hash) {
    digest.writeTo(pair, 0);
    hash.writeTo(pair, Reference.BYTES);
    digest = Reference.of(pair);
    count++;
  }

  public EndMark endMark() {
    return new EndMark(count, digest);
  }
}
