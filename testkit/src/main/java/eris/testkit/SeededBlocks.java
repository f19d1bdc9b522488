package eris.testkit;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/// Blocks that a number names: random bytes, so that two processes know them without a word.
public final class SeededBlocks {
  private SeededBlocks() {}

  public static MemorySegment block(BlockSize size, long seed) {
    byte[] bytes = new byte[size.bytes()];
    new SplittableRandom(seed).nextBytes(bytes);
    return MemorySegment.ofArray(bytes);
  }

  /// The blocks `firstSeed`, `firstSeed` + 1, …
  public static BlockBatch batch(BlockSize size, long firstSeed, int count) {
    MemorySegment blocks = MemorySegment.ofArray(new byte[count * size.bytes()]);
    MemorySegment references = MemorySegment.ofArray(new byte[count * Reference.BYTES]);
    var batch = new BlockBatch(size, blocks, references);
    for (int i = 0; i < count; i++) {
      MemorySegment block = batch.block(i).copyFrom(block(size, firstSeed + i));
      Reference.of(block).writeTo(references, (long) i * Reference.BYTES);
    }
    return batch;
  }
}
