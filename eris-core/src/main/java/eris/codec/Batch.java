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
  private final ByteBuffer buffer; // over the nodes
  private final BlockBatch whole; // all blocks: most batches are, and need no object of their own
  private long filledBytes;

  Batch(BlockSize blockSize, int capacity) {
    this.blockSize = blockSize;
    Arena arena = Arena.ofAuto();
    nodes = arena.allocate((long) capacity * blockSize.bytes(), 64);
    pairs = arena.allocate((long) capacity * ReferenceKeyPair.BYTES, 64);
    references = arena.allocate((long) capacity * Reference.BYTES, 64);
    buffer = nodes.asByteBuffer();
    whole = new BlockBatch(blockSize, nodes, references);
  }

  /// Fills up with leaves from `content`, and pads at its end.
  ///
  /// @return whether this was the end
  boolean fillFrom(ReadableByteChannel content) throws IOException {
    buffer.clear();
    while (buffer.hasRemaining()) {
      if (content.read(buffer) < 0) {
        filledBytes = buffer.position();
        pad();
        return true;
      }
    }
    filledBytes = nodes.byteSize();
    return false;
  }

  /// ISO/IEC 7816-4: 0x80, then zeros up to the next whole block; always at least one byte.
  private void pad() {
    nodes.set(ValueLayout.JAVA_BYTE, filledBytes, Padding.MARK);
    filledBytes++;
    fillLastBlock();
  }

  private void fillLastBlock() {
    long used = filledBytes % blockSize.bytes();
    long free = used == 0 ? 0 : blockSize.bytes() - used;
    nodes.asSlice(filledBytes, free).fill((byte) 0);
    filledBytes += free;
  }

  /// Appends to the children of internal nodes as many of `children` as fit.
  ///
  /// @return how many bytes of them did
  long add(MemorySegment children) {
    long taken = Math.min(children.byteSize(), nodes.byteSize() - filledBytes);
    MemorySegment.copy(children, 0, nodes, filledBytes, taken);
    filledBytes += taken;
    return taken;
  }

  boolean isFull() {
    return filledBytes == nodes.byteSize();
  }

  boolean isEmpty() {
    return filledBytes == 0;
  }

  /// Whether there is nothing but one child.
  boolean isOnePair() {
    return filledBytes == ReferenceKeyPair.BYTES;
  }

  ReferenceKeyPair firstPair() {
    return ReferenceKeyPair.readFrom(nodes, 0);
  }

  void clear() {
    filledBytes = 0;
  }

  /// Encrypts the nodes, the last one filled up with zeros.
  Batch encrypt(BlockKernel kernel, MemorySegment hashKey, int level) {
    fillLastBlock();
    kernel.encrypt(filledNodes(), blockSize.bytes(), hashKey, level, pairs());
    for (long i = 0; i < count(); i++) {
      MemorySegment.copy(
          pairs, i * ReferenceKeyPair.BYTES, references, i * Reference.BYTES, Reference.BYTES);
    }
    return this;
  }

  /// The reference-key pairs of the encrypted nodes, as they go into their parent.
  MemorySegment pairs() {
    return isFull() ? pairs : pairs.asSlice(0, count() * ReferenceKeyPair.BYTES);
  }

  /// The encrypted nodes, without their keys.
  BlockBatch blocks() {
    return isFull()
        ? whole
        : new BlockBatch(
            blockSize, filledNodes(), references.asSlice(0, count() * Reference.BYTES));
  }

  private MemorySegment filledNodes() {
    return isFull() ? nodes : nodes.asSlice(0, filledBytes);
  }

  private long count() {
    return filledBytes / blockSize.bytes();
  }
}
