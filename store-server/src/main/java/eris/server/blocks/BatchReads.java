package eris.server.blocks;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Reads blocks one behind the other into memory, and hashes neighbours of equal size in one call.
/// Safe for concurrent use.
final class BatchReads {
  /// How long the reads of one batch may take.
  private static final long PATIENCE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final BlockSource store;
  private final ByteBufAllocator allocator;
  private volatile long averageNanos = PATIENCE_NANOS; // of a read; a lost update changes little

  BatchReads(BlockSource store, ByteBufAllocator allocator) {
    this.store = store;
    this.allocator = allocator;
  }

  int bestTogether() {
    return Math.clamp(PATIENCE_NANOS / Math.max(1, averageNanos), 1, Integer.MAX_VALUE);
  }

  /// @return for each reference its block, if the store has it and it is authentic; each is released on
  ///     its own
  List<Optional<ByteBuf>> getAll(List<Reference> references) {
    int most = references.size() * BlockSize.MAX_BYTES;
    ByteBuf room = allocator.directBuffer(most, most);
    try {
      MemorySegment memory = MemorySegment.ofBuffer(room.nioBuffer(0, most));
      int[] sizes = readAll(references, memory);
      return authentic(references, sizes, room, memory);
    } finally {
      room.release();
    }
  }

  /// @return how many bytes of memory each block takes, which is none where there is nothing to verify
  private int[] readAll(List<Reference> references, MemorySegment memory) {
    long start = System.nanoTime();
    int[] sizes = new int[references.size()];
    long end = 0;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = read(references.get(i), memory.asSlice(end, BlockSize.MAX_BYTES));
      end += sizes[i];
    }
    long nanos = (System.nanoTime() - start) / sizes.length;
    long average = averageNanos;
    averageNanos = average + (nanos - average) / 8;
    return sizes;
  }

  private int read(Reference reference, MemorySegment target) {
    try {
      long size = store.get(reference, target).map(MemorySegment::byteSize).orElse(0L);
      return BlockSize.ofBytes(size).isPresent() ? (int) size : 0;
    } catch (IOException e) {
      return 0; // who asks again is told
    }
  }

  private static List<Optional<ByteBuf>> authentic(
      List<Reference> references, int[] sizes, ByteBuf room, MemorySegment memory) {
    MemorySegment hashes = MemorySegment.ofArray(new byte[sizes.length * Reference.BYTES]);
    hashAll(sizes, memory, hashes);
    List<Optional<ByteBuf>> blocks = new ArrayList<>(sizes.length);
    int begin = 0;
    for (int i = 0; i < sizes.length; i++) {
      Reference hash = Reference.readFrom(hashes, (long) i * Reference.BYTES);
      boolean isAuthentic = sizes[i] > 0 && hash.equals(references.get(i));
      blocks.add(isAuthentic ? Optional.of(room.retainedSlice(begin, sizes[i])) : Optional.empty());
      begin += sizes[i];
    }
    return blocks;
  }

  private static void hashAll(int[] sizes, MemorySegment memory, MemorySegment hashes) {
    int end;
    long at = 0;
    for (int begin = 0; begin < sizes.length; begin = end) {
      end = begin + 1;
      while (end < sizes.length && sizes[end] == sizes[begin]) {
        end++;
      }
      long bytes = (long) (end - begin) * sizes[begin];
      if (bytes > 0) {
        Reference.writeAll(
            memory.asSlice(at, bytes),
            BlockSize.ofBytes(sizes[begin]).orElseThrow(),
            hashes.asSlice((long) begin * Reference.BYTES, (long) (end - begin) * Reference.BYTES));
      }
      at += bytes;
    }
  }
}
