package eris.bench;

import static eris.kernel.BlockKernel.KEY_BYTES;
import static eris.kernel.BlockKernel.PAIR_BYTES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The pipelines on 512 KiB of blocks. One operation is 1 KiB, so a score in
/// operations per millisecond is 1.024 MB/s.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PipelineBenchmark {
  private static final int WORK_KIBS = 512;

  /// [Jmh] puts in all that there are.
  @Param(Pipelines.BOUNCY_CASTLE)
  public String pipeline = "";

  @Param({"1024", "32768"})
  public int blockBytes;

  private final MemorySegment leaves = Arena.global().allocate(WORK_KIBS << 10, 64);
  private final MemorySegment blocks = Arena.global().allocate(WORK_KIBS << 10, 64);
  private final MemorySegment work = Arena.global().allocate(WORK_KIBS << 10, 64);
  private final MemorySegment secret = Arena.global().allocate(KEY_BYTES, 64);
  private final MemorySegment pairs =
      Arena.global().allocate((long) Pipeline.MAX_BLOCKS * PAIR_BYTES, 64);
  private final MemorySegment encodedPairs =
      Arena.global().allocate((long) Pipeline.MAX_BLOCKS * PAIR_BYTES, 64);
  private Pipeline implementation;

  @Setup
  public void choose() {
    implementation =
        Pipelines.all().stream()
            .filter(candidate -> candidate.name().equals(pipeline))
            .findFirst()
            .orElseThrow();
    implementation.encode(blocks, blockBytes, secret, pairs);
  }

  @Benchmark
  @OperationsPerInvocation(WORK_KIBS)
  public MemorySegment encode() {
    implementation.encode(leaves, blockBytes, secret, encodedPairs);
    return leaves;
  }

  /// With the copying that a store does.
  @Benchmark
  @OperationsPerInvocation(WORK_KIBS)
  public MemorySegment decode() {
    work.copyFrom(blocks);
    implementation.decode(work, blockBytes, pairs);
    return work;
  }
}
