package eris.bench;

import static eris.kernel.BlockKernel.DIGEST_BYTES;
import static eris.kernel.BlockKernel.KEY_BYTES;
import static eris.kernel.BlockKernel.UNKEYED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
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

/// BLAKE2b-256 of 512 KiB of blocks. One operation is 1 KiB, so a score in
/// operations per millisecond is 1.024 MB/s.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HashBenchmark {
  private static final int WORK_KIBS = 512;

  /// [Jmh] puts in all that there are.
  @Param(Pipelines.BOUNCY_CASTLE)
  public String hash = "";

  @Param({"1024", "32768"})
  public int blockBytes;

  private final MemorySegment blocks = Arena.global().allocate(WORK_KIBS << 10, 64);
  private final MemorySegment key = Arena.global().allocate(KEY_BYTES, 64);
  private final MemorySegment digests =
      Arena.global().allocate((long) Pipeline.MAX_BLOCKS * DIGEST_BYTES, 64);
  private Primitives.BatchHash implementation;

  @Setup
  public void choose() {
    implementation = Objects.requireNonNull(Primitives.hashes().get(hash));
  }

  @Benchmark
  @OperationsPerInvocation(WORK_KIBS)
  public MemorySegment unkeyed() {
    implementation.hash(blocks, blockBytes, UNKEYED, digests);
    return digests;
  }

  @Benchmark
  @OperationsPerInvocation(WORK_KIBS)
  public MemorySegment keyed() {
    implementation.hash(blocks, blockBytes, key, digests);
    return digests;
  }
}
