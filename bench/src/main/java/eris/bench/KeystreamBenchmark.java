package eris.bench;

import static eris.kernel.BlockKernel.KEY_BYTES;

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

/// ChaCha20 on 512 KiB of blocks, a new key for each. One operation is 1 KiB, so a score in
/// operations per millisecond is 1.024 MB/s.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class KeystreamBenchmark {
  private static final int WORK_KIBS = 512;

  /// [Jmh] puts in all that there are.
  @Param(Pipelines.BOUNCY_CASTLE)
  public String keystream = "";

  @Param({"1024", "32768"})
  public int blockBytes;

  private final MemorySegment blocks = Arena.global().allocate(WORK_KIBS << 10, 64);
  private final MemorySegment keys =
      Arena.global().allocate((long) Pipeline.MAX_BLOCKS * KEY_BYTES, 64);
  private Keystream implementation;

  @Setup
  public void choose() {
    implementation = Objects.requireNonNull(Primitives.keystreams().get(keystream));
  }

  @Benchmark
  @OperationsPerInvocation(WORK_KIBS)
  public MemorySegment apply() {
    long count = blocks.byteSize() / blockBytes;
    for (long i = 0; i < count; i++) {
      implementation.apply(
          blocks.asSlice(i * blockBytes, blockBytes), keys.asSlice(i * KEY_BYTES, KEY_BYTES));
    }
    return blocks;
  }
}
