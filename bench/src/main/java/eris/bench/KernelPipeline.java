package eris.bench;

import eris.kernel.BlockKernel;
import java.lang.foreign.MemorySegment;

/// A kernel of ours, called as encoder and decoder call it.
final class KernelPipeline implements Pipeline {
  private final BlockKernel kernel;

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
    if (kernel.decrypt(blocks, blockBytes, pairs, 0) < blocks.byteSize() / blockBytes) {
      throw new IllegalStateException("a block is corrupt");
    }
  }
}
