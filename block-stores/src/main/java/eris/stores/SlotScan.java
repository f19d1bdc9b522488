package eris.stores;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Hashes what is in the slots of a volume, many neighbours at a time and by all cores, and tells it
/// in the order it was asked for. For one thread.
final class SlotScan implements AutoCloseable {
  private static final int PART_BYTES = 1 << 19;

  private final Device device;
  private final Geometry geometry;
  private final Visitor visitor;
  private final int mostParts = 4 * Runtime.getRuntime().availableProcessors();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(), Thread.ofPlatform().daemon().factory());
  private final ConcurrentLinkedDeque<MemorySegment> buffers = new ConcurrentLinkedDeque<>();
  private final Deque<Future<Part>> parts = new ArrayDeque<>();

  /// Told what slots hash to, on the thread that asks.
  @FunctionalInterface
  interface Visitor {
    void visit(int extent, int slot, Reference hash) throws IOException;
  }

  /// Neighbouring slots.
  ///
  /// @param hashes 32 bytes for each
  /// @param read those of them that could be read
  private record Part(int extent, int first, MemorySegment hashes, BitSet read) {}

  SlotScan(Device device, Geometry geometry, Visitor visitor) {
    this.device = device;
    this.geometry = geometry;
    this.visitor = visitor;
  }

  /// Hashes those slots of an extent that are in `wanted`.
  void scan(int extent, BlockSize size, BitSet wanted) throws IOException {
    int most = PART_BYTES / size.bytes();
    int end;
    for (int first = wanted.nextSetBit(0); first >= 0; first = wanted.nextSetBit(end)) {
      end = Math.min(wanted.nextClearBit(first), first + most);
      int begin = first;
      int count = end - first;
      if (parts.size() == mostParts) {
        tellFirst();
      }
      parts.add(threads.submit(() -> hash(extent, size, begin, count)));
    }
  }

  /// Waits for all that was asked for.
  void finish() throws IOException {
    while (!parts.isEmpty()) {
      tellFirst();
    }
  }

  private void tellFirst() throws IOException {
    Part part = await(parts.removeFirst());
    for (int i = part.read().nextSetBit(0); i >= 0; i = part.read().nextSetBit(i + 1)) {
      Reference hash = Reference.readFrom(part.hashes(), (long) i * Reference.BYTES);
      visitor.visit(part.extent(), part.first() + i, hash);
    }
  }

  private static Part await(Future<Part> part) throws IOException {
    try {
      return part.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading slots");
    }
  }

  private Part hash(int extent, BlockSize size, int first, int count) throws IOException {
    MemorySegment free = buffers.poll();
    MemorySegment buffer =
        free == null ? Arena.ofAuto().allocate(PART_BYTES, VolumeLayout.UNIT_BYTES) : free;
    try {
      MemorySegment blocks = buffer.asSlice(0, (long) count * size.bytes());
      BitSet read = read(geometry.place(extent, first, size).offset(), size, count, blocks);
      MemorySegment hashes = MemorySegment.ofArray(new byte[count * Reference.BYTES]);
      Reference.writeAll(blocks, size, hashes);
      return new Part(extent, first, hashes, read);
    } finally {
      buffers.push(buffer);
    }
  }

  /// All at once or, where one of them cannot be read, one by one.
  private BitSet read(long offset, BlockSize size, int count, MemorySegment blocks)
      throws IOException {
    var read = new BitSet(count);
    if (device.tryRead(offset, blocks)) {
      read.set(0, count);
      return read;
    }
    for (int i = 0; i < count; i++) {
      long at = (long) i * size.bytes();
      read.set(i, device.tryRead(offset + at, blocks.asSlice(at, size.bytes())));
    }
    return read;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
