package eris.store;

import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;

/// Something that can look blocks up. Safe for concurrent use; may block the calling thread.
@FunctionalInterface
public interface BlockSource {
  /// Copies the block into `target` and returns the filled slice, or empty if it is not held.
  /// `target` has room for any block, [eris.BlockSize#MAX_BYTES].
  ///
  /// The bytes are not verified: whoever trusts them hashes them first.
  ///
  /// @throws IOException if the answer is unknown; "not held" is never an exception
  Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException;

  /// Fills in those blocks of `batch` that are held, each in its place, and returns their indices.
  /// A block that is left out need not be missing: it may have another size than the batch's, or the
  /// answer may be unknown. [#get] tells more about it.
  ///
  /// The bytes are not verified. Stores that answer many at once faster than one by one override
  /// this.
  default BitSet getAll(BlockBatch batch) throws IOException {
    var held = new BitSet(batch.count());
    MemorySegment any = MemorySegment.ofArray(new byte[eris.BlockSize.MAX_BYTES]);
    for (int i = 0; i < batch.count(); i++) {
      Optional<MemorySegment> block = get(batch.reference(i), any);
      if (block.isPresent() && block.get().byteSize() == batch.blockSize().bytes()) {
        batch.block(i).copyFrom(block.get());
        held.set(i);
      }
    }
    return held;
  }
}
