package eris.store;

import eris.BlockSize;
import eris.Reference;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Blocks of one size, end to end in memory, and their references, 32 bytes apart: how many blocks
/// travel without an object for each.
///
/// A view of the caller's memory, valid during the call it is passed to.
public record BlockBatch(BlockSize blockSize, MemorySegment blocks, MemorySegment references) {
  public BlockBatch {
    Objects.requireNonNull(blockSize);
    long count = blocks.byteSize() / blockSize.bytes();
    if (count * blockSize.bytes() != blocks.byteSize()
        || count * Reference.BYTES != references.byteSize()) {
      throw new IllegalArgumentException(
          "%d bytes of blocks and %d bytes of references do not match"
              .formatted(blocks.byteSize(), references.byteSize()));
    }
  }

  public int count() {
    return (int) (references.byteSize() / Reference.BYTES);
  }

  public Reference reference(int index) {
    return Reference.readFrom(references, (long) index * Reference.BYTES);
  }

  public MemorySegment block(int index) {
    return blocks.asSlice((long) index * blockSize.bytes(), blockSize.bytes());
  }
}
