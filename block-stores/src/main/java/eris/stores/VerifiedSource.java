package eris.stores;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;

/// Gives only blocks that hash to their reference.
public final class VerifiedSource implements BlockSource {
  private final BlockSource source;

  public VerifiedSource(BlockSource source) {
    this.source = Objects.requireNonNull(source);
  }

  /// @throws CorruptBlock if what the source holds has no block's size or another hash
  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    Optional<MemorySegment> block = source.get(reference, target);
    if (block.isPresent()) {
      requireAuthentic(reference, block.get());
    }
    return block;
  }

  /// A corrupt block counts as not held: [#get] tells.
  @Override
  public BitSet getAll(BlockBatch batch) throws IOException {
    BitSet authentic = source.getAll(batch);
    for (int i = authentic.nextSetBit(0); i >= 0; i = authentic.nextSetBit(i + 1)) {
      if (!Reference.of(batch.block(i)).equals(batch.reference(i))) {
        authentic.clear(i);
      }
    }
    return authentic;
  }

  static void requireAuthentic(Reference reference, MemorySegment block) throws CorruptBlock {
    if (BlockSize.ofBytes(block.byteSize()).isEmpty()) {
      throw new CorruptBlock(
          reference, "holds %d bytes, want 1024 or 32768".formatted(block.byteSize()));
    }
    if (!Reference.of(block).equals(reference)) {
      throw new CorruptBlock(reference, "does not hash to its reference");
    }
  }
}
