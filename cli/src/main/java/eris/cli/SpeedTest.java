package eris.cli;

import static eris.kernel.BlockKernel.DIGEST_BYTES;
import static eris.kernel.BlockKernel.KEY_BYTES;
import static eris.kernel.BlockKernel.PAIR_BYTES;
import static eris.kernel.BlockKernel.UNKEYED;

import eris.BlockSize;
import eris.kernel.BlockKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/// How fast this machine does the cryptographic work of ERIS on blocks that are in its cache, in MB
/// (10^6 bytes) per second. Not safe for concurrent use.
final class SpeedTest {
  private static final int WORK_BYTES = 512 * 1024;

  /// What takes the time.
  enum Work {
    HASH,
    ENCODE,
    DECODE
  }

  /// One of several that are measured against each other.
  record Contender(String name, Runnable prepare, Runnable run) {}

  private final LongSupplier wallNanos;
  private final LongSupplier cpuNanos =
      ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
  private final long budgetNanos;

  /// @param budgetNanos for each measurement; half of it is warm-up
  SpeedTest(LongSupplier wallNanos, long budgetNanos) {
    this.wallNanos = wallNanos;
    this.budgetNanos = budgetNanos;
  }

  /// The contenders take turns, so that whatever else the machine does meets all of them. By CPU
  /// time: what other programs take doesn't count.
  Map<String, Double> onOneCore(List<Contender> contenders) {
    for (Contender contender : contenders) {
      warmUp(contender, budgetNanos / 2 / contenders.size());
    }
    Map<String, List<Double>> samples = new LinkedHashMap<>();
    long end = wallNanos.getAsLong() + budgetNanos / 2;
    do {
      for (Contender contender : contenders) {
        samples.computeIfAbsent(contender.name(), _ -> new ArrayList<>()).add(sample(contender));
      }
    } while (wallNanos.getAsLong() < end);
    Map<String, Double> medians = new LinkedHashMap<>();
    samples.forEach((name, values) -> medians.put(name, median(values)));
    return medians;
  }

  private void warmUp(Contender contender, long nanos) {
    long end = wallNanos.getAsLong() + nanos;
    while (wallNanos.getAsLong() < end) {
      contender.prepare().run();
      contender.run().run();
    }
  }

  private double sample(Contender contender) {
    contender.prepare().run();
    long start = cpuNanos.getAsLong();
    contender.run().run();
    return WORK_BYTES * 1e3 / (cpuNanos.getAsLong() - start);
  }

  private static double median(List<Double> samples) {
    Collections.sort(samples);
    return samples.get(samples.size() / 2);
  }

  /// All cores together, by the clock on the wall.
  double onAllCores(BlockKernel kernel, Work work, BlockSize blockSize, int cores)
      throws InterruptedException {
    List<Callable<Long>> threads = new ArrayList<>();
    for (int i = 0; i < cores; i++) {
      Contender contender = new Blocks(blockSize).contender(kernel, work);
      threads.add(() -> bytesInBudget(contender));
    }
    long start = wallNanos.getAsLong();
    long bytes = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(cores)) {
      for (Future<Long> thread : pool.invokeAll(threads)) {
        bytes += thread.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a kernel failed", e.getCause());
    }
    return bytes * 1e3 / (wallNanos.getAsLong() - start);
  }

  private long bytesInBudget(Contender contender) {
    long bytes = 0;
    long end = wallNanos.getAsLong() + budgetNanos;
    while (wallNanos.getAsLong() < end) {
      contender.prepare().run();
      contender.run().run();
      bytes += WORK_BYTES;
    }
    return bytes;
  }

  /// The blocks of one thread.
  static final class Blocks {
    private final int blockBytes;
    private final int count;
    private final MemorySegment content = allocate(WORK_BYTES);
    private final MemorySegment encrypted = allocate(WORK_BYTES);
    private final MemorySegment work = allocate(WORK_BYTES);
    private final MemorySegment secret = allocate(KEY_BYTES);
    private final MemorySegment pairs;
    private final MemorySegment digests;

    Blocks(BlockSize blockSize) {
      blockBytes = blockSize.bytes();
      count = WORK_BYTES / blockBytes;
      pairs = allocate(count * PAIR_BYTES);
      digests = allocate(count * DIGEST_BYTES);
    }

    private static MemorySegment allocate(int bytes) {
      return Arena.ofAuto().allocate(bytes, 64);
    }

    Contender contender(BlockKernel kernel, Work work) {
      Runnable run =
          switch (work) {
            case HASH -> () -> hash(kernel);
            case ENCODE -> () -> encode(kernel);
            case DECODE -> () -> decode(kernel);
          };
      Runnable prepare = () -> this.work.copyFrom(work == Work.DECODE ? encrypted : content);
      if (work == Work.DECODE) {
        this.work.copyFrom(content);
        encode(kernel);
        encrypted.copyFrom(this.work);
      }
      return new Contender(kernel.name(), prepare, run);
    }

    private void hash(BlockKernel kernel) {
      kernel.hash(work, blockBytes, UNKEYED, digests, DIGEST_BYTES);
    }

    private void encode(BlockKernel kernel) {
      kernel.encrypt(work, blockBytes, secret, 0, pairs);
    }

    private void decode(BlockKernel kernel) {
      if (kernel.decrypt(work, blockBytes, pairs, 0) < count) {
        throw new IllegalStateException("a block is corrupt");
      }
    }
  }
}
