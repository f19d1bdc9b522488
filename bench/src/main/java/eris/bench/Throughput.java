package eris.bench;

import static eris.kernel.BlockKernel.KEY_BYTES;
import static eris.kernel.BlockKernel.PAIR_BYTES;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Measures the pipelines on one core, in MB (10^6 bytes of content) per second of CPU time, after
/// checking that they give the same bits.
///
/// The blocks fit the second-level cache, where an encoder that reads, encrypts and stores them
/// batch by batch has them too.
final class Throughput {
  private static final int WORK_BYTES = 512 * 1024;

  private final MemorySegment content = allocate(WORK_BYTES);
  private final MemorySegment blocks = allocate(WORK_BYTES);
  private final MemorySegment work = allocate(WORK_BYTES);
  private final MemorySegment secret = allocate(KEY_BYTES);
  private final MemorySegment expected = allocate(Pipeline.MAX_BLOCKS * PAIR_BYTES);
  private final MemorySegment pairs = allocate(Pipeline.MAX_BLOCKS * PAIR_BYTES);
  private final List<Pipeline> pipelines = Pipelines.all();
  private final int blockBytes;

  private Throughput(int blockBytes) {
    this.blockBytes = blockBytes;
    byte[] bytes = new byte[WORK_BYTES];
    new Random(1).nextBytes(bytes);
    content.copyFrom(MemorySegment.ofArray(bytes));
    blocks.copyFrom(content);
    pipelines.getLast().encode(blocks, blockBytes, secret, expected);
    pipelines.forEach(this::check);
  }

  /// Arguments: samples per round, milliseconds of warm-up for each.
  public static void main(String[] args) throws Exception {
    int samples = Integer.parseInt(args[0]);
    long warmUpMillis = Long.parseLong(args[1]);
    Results.print("kernel", Pipelines.ours());
    for (int blockBytes : new int[] {1024, 32768}) {
      var throughput = new Throughput(blockBytes);
      for (List<RoundRobin.Task> tasks : List.of(throughput.encoding(), throughput.decoding())) {
        RoundRobin.warmUp(tasks, warmUpMillis);
        RoundRobin.byThreadCpuTime(samples).measure(tasks).forEach(Results::print);
        printAllocation(tasks.getFirst(), WORK_BYTES / blockBytes);
      }
    }
  }

  /// How the rate of a pipeline is named in the results.
  static String label(String direction, int blockBytes, String pipeline) {
    return direction + " " + blockBytes / 1024 + " KiB, " + pipeline;
  }

  /// How the allocation of a pipeline is named in the results, by the name of its rate.
  static String allocationOf(String label) {
    return "bytes allocated per block, " + label;
  }

  private static void printAllocation(RoundRobin.Task task, int blocks) throws Exception {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      task.prepare().run();
      task.timed().run();
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    Results.print(allocationOf(task.name()), allocated / 100.0 / blocks);
  }

  private void check(Pipeline pipeline) {
    work.copyFrom(content);
    pipeline.encode(work, blockBytes, secret, pairs);
    long pairBytes = (long) WORK_BYTES / blockBytes * PAIR_BYTES;
    boolean encodes =
        work.mismatch(blocks) < 0
            && pairs.asSlice(0, pairBytes).mismatch(expected.asSlice(0, pairBytes)) < 0;
    pipeline.decode(work, blockBytes, expected);
    if (!encodes || work.mismatch(content) >= 0) {
      throw new IllegalStateException(pipeline.name() + " computes something else");
    }
  }

  private List<RoundRobin.Task> encoding() {
    List<RoundRobin.Task> tasks = new ArrayList<>();
    for (Pipeline pipeline : pipelines) {
      tasks.add(
          new RoundRobin.Task(
              label("encode", blockBytes, pipeline.name()),
              WORK_BYTES / 1e6,
              () -> work.copyFrom(content),
              () -> pipeline.encode(work, blockBytes, secret, pairs)));
    }
    return tasks;
  }

  private List<RoundRobin.Task> decoding() {
    List<RoundRobin.Task> tasks = new ArrayList<>();
    for (Pipeline pipeline : pipelines) {
      tasks.add(
          new RoundRobin.Task(
              label("decode", blockBytes, pipeline.name()),
              WORK_BYTES / 1e6,
              () -> work.copyFrom(blocks),
              () -> pipeline.decode(work, blockBytes, expected)));
    }
    return tasks;
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.global().allocate(bytes, 64);
  }
}
