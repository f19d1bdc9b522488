package eris.bench;

import static eris.kernel.BlockKernel.DIGEST_BYTES;
import static eris.kernel.BlockKernel.KEY_BYTES;
import static eris.kernel.BlockKernel.PAIR_BYTES;
import static eris.kernel.BlockKernel.UNKEYED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One block after the other on somebody else's primitives: as little as any implementation on them
/// can do.
final class SingleStream implements Pipeline {
  private final String name;
  private final Hash hash;
  private final Keystream keystream;
  private final MemorySegment digest = Arena.ofAuto().allocate(DIGEST_BYTES);

  SingleStream(String name, Hash hash, Keystream keystream) {
    this.name = name;
    this.hash = hash;
    this.keystream = keystream;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void encode(
      MemorySegment leaves, int blockBytes, MemorySegment secret, MemorySegment pairs) {
    long count = leaves.byteSize() / blockBytes;
    for (long i = 0; i < count; i++) {
      MemorySegment leaf = leaves.asSlice(i * blockBytes, blockBytes);
      MemorySegment reference = pairs.asSlice(i * PAIR_BYTES, DIGEST_BYTES);
      MemorySegment key = pairs.asSlice(i * PAIR_BYTES + DIGEST_BYTES, KEY_BYTES);
      hash.hash(leaf, secret, key);
      keystream.apply(leaf, key);
      hash.hash(leaf, UNKEYED, reference);
    }
  }

  @Override
  public void decode(MemorySegment blocks, int blockBytes, MemorySegment pairs) {
    long count = blocks.byteSize() / blockBytes;
    for (long i = 0; i < count; i++) {
      MemorySegment block = blocks.asSlice(i * blockBytes, blockBytes);
      hash.hash(block, UNKEYED, digest);
      if (digest.mismatch(pairs.asSlice(i * PAIR_BYTES, DIGEST_BYTES)) >= 0) {
        throw new IllegalStateException("block " + i + " is corrupt");
      }
      keystream.apply(block, pairs.asSlice(i * PAIR_BYTES + DIGEST_BYTES, KEY_BYTES));
    }
  }
}
