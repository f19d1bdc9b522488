package eris.bench;

import static eris.kernel.BlockKernel.DIGEST_BYTES;
import static eris.kernel.BlockKernel.KEY_BYTES;
import static eris.kernel.BlockKernel.PAIR_BYTES;

import eris.kernel.BlockKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A kernel of ours, called as encoder and decoder call it.
final class KernelPipeline implements Pipeline {
  private final BlockKernel kernel;
  private final MemorySegment digests =
      Arena.ofAuto().allocate((long) MAX_BLOCKS * DIGEST_BYTES, 64);

  KernelPipeline(BlockKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public String name() {
    return "eris " + kernel.name();
  }

  @Override
  public void encode(
      MemorySegment leaves, int blockBytes, MemorySegment secret, MemorySegment pairs) {
    kernel.encrypt(leaves, blockBytes, secret, 0, pairs);
  }

  @Override
  public void decode(MemorySegment blocks, int blockBytes, MemorySegment pairs) {
    kernel.hash(blocks, blockBytes, BlockKernel.UNKEYED, digests, DIGEST_BYTES);
    long count = blocks.byteSize() / blockBytes;
    for (long i = 0; i < count; i++) {
      long reference = i * PAIR_BYTES;
      long digest = i * DIGEST_BYTES;
      if (MemorySegment.mismatch(
              pairs, reference, reference + DIGEST_BYTES, digests, digest, digest + DIGEST_BYTES)
          >= 0) {
        throw new IllegalStateException("block " + i + " is corrupt");
      }
      kernel.applyKeystream(
          blocks.asSlice(i * blockBytes, blockBytes),
          pairs.asSlice(reference + DIGEST_BYTES, KEY_BYTES),
          0);
    }
  }
}
