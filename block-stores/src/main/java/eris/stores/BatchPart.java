package eris.stores;

import eris.Reference;
import eris.store.BlockBatch;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/// Some blocks of a batch as a batch of their own, in the same order: a copy, but where all are
/// chosen the whole itself.
final class BatchPart {
  private final BlockBatch whole;
  private final int[] indices; // where in the whole each block of the part belongs
  private final BlockBatch part;

  BatchPart(BlockBatch whole, BitSet chosen) {
    this.whole = whole;
    this.indices = chosen.stream().toArray();
    this.part = isCopy() ? copy() : whole;
  }

  BlockBatch batch() {
    return part;
  }

  /// Copies the blocks at `found`, indices in the part, to their places in the whole, and returns
  /// their indices there.
  BitSet giveBack(BitSet found) {
    var given = new BitSet(whole.count());
    for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
      if (isCopy()) {
        whole.block(indices[i]).copyFrom(part.block(i));
      }
      given.set(indices[i]);
    }
    return given;
  }

  private boolean isCopy() {
    return indices.length < whole.count();
  }

  private BlockBatch copy() {
    int blockBytes = whole.blockSize().bytes();
    MemorySegment blocks = MemorySegment.ofArray(new byte[indices.length * blockBytes]);
    MemorySegment references = MemorySegment.ofArray(new byte[indices.length * Reference.BYTES]);
    var copy = new BlockBatch(whole.blockSize(), blocks, references);
    for (int i = 0; i < indices.length; i++) {
      copy.block(i).copyFrom(whole.block(indices[i]));
      whole.reference(indices[i]).writeTo(references, (long) i * Reference.BYTES);
    }
    return copy;
  }
}
