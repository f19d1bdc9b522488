package eris.testkit;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A block of random bytes and its true reference; the same for the same number every time.
public record SampleBlock(Reference reference, MemorySegment bytes) {
  public static SampleBlock of(BlockSize size, long number) {
    byte[] bytes = new byte[size.bytes()];
    new SplittableRandom(number * BlockSize.MAX_BYTES * 2 + size.bytes()).nextBytes(bytes);
    MemorySegment block = MemorySegment.ofArray(bytes);
    return new SampleBlock(Reference.of(block), block.asReadOnly());
  }

  /// The blocks numbered from 0.
  public static List<SampleBlock> list(BlockSize size, int count) {
    return IntStream.range(0, count).mapToObj(i -> of(size, i)).toList();
  }

  /// The references of `blocks` beside their bytes, all copied.
  public static BlockBatch batch(BlockSize size, List<SampleBlock> blocks) {
    BlockBatch batch = emptyBatch(size, blocks);
    for (int i = 0; i < batch.count(); i++) {
      batch.block(i).copyFrom(blocks.get(i).bytes());
    }
    return batch;
  }

  /// The references of `blocks` beside room for as many blocks of `size`, all zeros.
  public static BlockBatch emptyBatch(BlockSize size, List<SampleBlock> blocks) {
    MemorySegment references = MemorySegment.ofArray(new byte[blocks.size() * Reference.BYTES]);
    for (int i = 0; i < blocks.size(); i++) {
      blocks.get(i).reference().writeTo(references, (long) i * Reference.BYTES);
    }
    var room = MemorySegment.ofArray(new byte[blocks.size() * size.bytes()]);
    return new BlockBatch(size, room, references);
  }
}
