package eris.stores.batch;

import eris.Reference;
import eris.cbor.Cbor;
import java.lang.foreign.MemorySegment;

/// What a stream ends with.
///
/// @param count of its byte strings
/// @param digest of them, by [StreamDigest]; a hash, if not of a block
public record EndMark(long count, Reference digest) {
  byte[] encode() {
    byte[] bytes = new byte[Reference.BYTES];
    digest.writeTo(MemorySegment.ofArray(bytes), 0);
    return Cbor.Array.of(new Cbor.Int(count), Cbor.Bytes.copyOf(bytes)).encode();
  }
}
