package eris.bench;

import com.sun.management.ThreadMXBean;
import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.Reference;
import eris.codec.Encoder;
import eris.kernel.BlockKernel;
import eris.store.BlockBatch;
import eris.store.BlockSink;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// Prints how many bytes this JVM's kernel, and an encoder that stores nothing, allocate for a block
/// once they are warm. Argument: the block size in bytes.
final class AllocationProbe {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int COUNT = 32;
  private static final int WARM_UP_BLOCKS = 400_000;
  private static final int MEASURED_BLOCKS = 40_000;

  private AllocationProbe() {}

  public static void main(String[] arguments) throws IOException {
    BlockSize blockSize = BlockSize.ofBytes(Long.parseLong(arguments[0])).orElseThrow();
    int share = blockSize == BlockSize.KIB_1 ? 1 : 32; // of the rounds, for blocks that take longer
    Arena arena = Arena.ofAuto();
    MemorySegment blocks = arena.allocate((long) COUNT * blockSize.bytes(), 64);
    MemorySegment encrypted = arena.allocate((long) COUNT * blockSize.bytes(), 64);
    MemorySegment pairs = arena.allocate((long) COUNT * BlockKernel.PAIR_BYTES, 64);
    BlockKernel kernel = BlockKernel.best();
    Step codec =
        count -> {
          for (int i = 0; i < count; i += COUNT) {
            kernel.encrypt(blocks, blockSize.bytes(), BlockKernel.UNKEYED, 0, pairs);
            encrypted.copyFrom(blocks);
            if (kernel.decrypt(blocks, blockSize.bytes(), pairs, 0) != COUNT) {
              throw new AssertionError("not authentic");
            }
          }
        };
    var encoder = new Encoder(blockSize, new Nowhere(), 1, COUNT);
    Step encode =
        count ->
            encoder.encode(
                new Zeros((long) count * blockSize.bytes()), ConvergenceSecret.nullSecret());
    System.out.println(bytesPerBlock(codec, share));
    System.out.println(bytesPerBlock(encode, share));
  }

  private interface Step {
    void run(int count) throws IOException;
  }

  private static long bytesPerBlock(Step step, int share) throws IOException {
    for (int i = 0; i < 10; i++) {
      step.run(WARM_UP_BLOCKS / share / 10);
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    step.run(MEASURED_BLOCKS / share);
    return (THREADS.getCurrentThreadAllocatedBytes() - before) * share / MEASURED_BLOCKS;
  }

  /// Takes batches as they are, as the stores do that count.
  private static final class Nowhere implements BlockSink {
    @Override
    public void put(Reference reference, MemorySegment block) {
      throw new AssertionError("not in a batch");
    }

    @Override
    public void putAll(BlockBatch batch) {}
  }

  /// Content of nothing but zeros, without a buffer of its own.
  private static final class Zeros implements ReadableByteChannel {
    private long left;

    Zeros(long size) {
      left = size;
    }

    @Override
    public int read(ByteBuffer target) {
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(left, target.remaining());
      target.position(target.position() + count);
      left -= count;
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
