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
    BitSet held = source.getAll(batch);
    var authentic = new BitSet(batch.count());
    int end;
    for (int begin = held.nextSetBit(0); begin >= 0; begin = held.nextSetBit(end)) {
      end = held.nextClearBit(begin);
      addAuthentic(batch, begin, end, authentic);
    }
    return authentic;
  }

  /// Hashes neighbours in one call: kernels are faster with many blocks.
  private static void addAuthentic(BlockBatch batch, int begin, int end, BitSet authentic) {
    long blockBytes = batch.blockSize().bytes();
    MemorySegment blocks = batch.blocks().asSlice(begin * blockBytes, (end - begin) * blockBytes);
    MemorySegment hashes = MemorySegment.ofArray(new byte[(end - begin) * Reference.BYTES]);
    Reference.writeAll(blocks, batch.blockSize(), hashes);
    for (int i = begin; i < end; i++) {
      Reference hash = Reference.readFrom(hashes, (long) (i - begin) * Reference.BYTES);
      authentic.set(i, hash.equals(batch.reference(i)));
    }
  }

  /// @throws CorruptBlock if `block` has no block's size or another hash
  public static void requireAuthentic(Reference reference, MemorySegment block)
      throws CorruptBlock {
    if (BlockSize.ofBytes(block.byteSize()).isEmpty()) {
      throw new CorruptBlock(
          reference, "holds %d bytes, want 1024 or 32768".formatted(block.byteSize()));
    }
    if (!Reference.of(block).equals(reference)) {
      throw new CorruptBlock(reference, "does not hash to its reference");
    }
  }
}
