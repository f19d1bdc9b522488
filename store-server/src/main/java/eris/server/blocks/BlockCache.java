package eris.server.blocks;

import eris.Reference;
import io.netty.buffer.ByteBuf;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Verified blocks in the memory of this process; what was asked for longest ago makes room.
///
/// Many parts, each with its own lock, so that threads rarely meet. A part holds its share of the
/// blocks because references are uniformly distributed.
final class BlockCache implements AutoCloseable {
  private static final int PARTS = 16;

  private final Part[] parts = new Part[PARTS];

  /// @param bytes of blocks, at most
  BlockCache(long bytes) {
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part(bytes / PARTS);
    }
  }

  /// The block, if it is here; the caller releases it.
  Optional<ByteBuf> get(Reference reference) {
    return part(reference).get(reference);
  }

  /// Whether a block of this size would be kept.
  boolean takes(int bytes) {
    return bytes <= parts[0].most;
  }

  /// Keeps a block that was verified. The caller's own hold on it stays his.
  void add(Reference reference, ByteBuf block) {
    part(reference).add(reference, block);
  }

  /// What all blocks here have together.
  long bytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes += part.bytes();
    }
    return bytes;
  }

  @Override
  public void close() {
    for (Part part : parts) {
      part.clear();
    }
  }

  private Part part(Reference reference) {
    return parts[(int) reference.w3() & PARTS - 1];
  }

  private static final class Part {
    private final long most;
    private final LinkedHashMap<Reference, ByteBuf> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    Part(long most) {
      this.most = most;
    }

    /// In the lock: the block is not let go of between being found and being held.
    synchronized Optional<ByteBuf> get(Reference reference) {
      ByteBuf block = blocks.get(reference);
      return block == null ? Optional.empty() : Optional.of(block.retainedDuplicate());
    }

    synchronized void add(Reference reference, ByteBuf block) {
      if (block.readableBytes() > most || blocks.containsKey(reference)) {
        return;
      }
      blocks.put(reference, block.retainedDuplicate());
      bytes += block.readableBytes();
      for (Iterator<ByteBuf> eldest = blocks.values().iterator(); bytes > most; ) {
        ByteBuf leaving = eldest.next();
        bytes -= leaving.readableBytes();
        eldest.remove();
        leaving.release();
      }
    }

    synchronized long bytes() {
      return bytes;
    }

    synchronized void clear() {
      blocks.values().forEach(ByteBuf::release);
      blocks.clear();
      bytes = 0;
    }
  }
}
