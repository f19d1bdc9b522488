package eris.codec;

import eris.BlockSize;
import eris.Reference;
import eris.ReferenceKeyPair;
import eris.kernel.BlockKernel;
import eris.store.BlockBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// Consecutive nodes of one level and the buffers they are encrypted in. Made once, reused for all
/// batches of an encoder.
final class Batch {
  private final BlockSize blockSize;
  private final MemorySegment nodes;
  private final MemorySegment pairs;
  private final MemorySegment references;
  private int count;

  Batch(BlockSize blockSize, int capacity) {
    this.blockSize = blockSize;
    Arena arena = Arena.ofAuto();
    nodes = arena.allocate((long) capacity * blockSize.bytes(), 64);
    pairs = arena.allocate((long) capacity * ReferenceKeyPair.BYTES, 64);
    references = arena.allocate((long) capacity * Reference.BYTES, 64);
  }

  /// Fills up with leaves from `content`, and pads at its end.
  ///
  /// @return whether this was the end
  boolean fillFrom(ReadableByteChannel content) throws IOException {
    ByteBuffer buffer = nodes.asByteBuffer();
    while (buffer.hasRemaining()) {
      if (content.read(buffer) < 0) {
        pad(buffer.position());
        return true;
      }
    }
    count = (int) (nodes.byteSize() / blockSize.bytes());
    return false;
  }

  /// ISO/IEC 7816-4: 0x80, then zeros up to the next whole block; always at least one byte.
  private void pad(int contentBytes) {
    count = contentBytes / blockSize.bytes() + 1;
    nodes.set(ValueLayout.JAVA_BYTE, contentBytes, Padding.MARK);
    nodes.asSlice(contentBytes + 1, filledBytes() - contentBytes - 1).fill((byte) 0);
  }

  /// Makes this a batch of one internal node: `children` pairs, and zeros after them.
  void setInternalNode(MemorySegment children) {
    count = 1;
    nodes.copyFrom(children);
    nodes.asSlice(children.byteSize(), filledBytes() - children.byteSize()).fill((byte) 0);
  }

  Batch encrypt(BlockKernel kernel, MemorySegment hashKey, int level) {
    kernel.encrypt(filledNodes(), blockSize.bytes(), hashKey, level, pairs());
    for (long i = 0; i < count; i++) {
      MemorySegment.copy(
          pairs, i * ReferenceKeyPair.BYTES, references, i * Reference.BYTES, Reference.BYTES);
    }
    return this;
  }

  /// The reference-key pairs of the encrypted nodes, as they go into their parent.
  MemorySegment pairs() {
    return pairs.asSlice(0, (long) count * ReferenceKeyPair.BYTES);
  }

  /// The encrypted nodes, without their keys.
  BlockBatch blocks() {
    return new BlockBatch(
        blockSize, filledNodes(), references.asSlice(0, (long) count * Reference.BYTES));
  }

  private MemorySegment filledNodes() {
    return nodes.asSlice(0, filledBytes());
  }

  private long filledBytes() {
    return (long) count * blockSize.bytes();
  }
}
