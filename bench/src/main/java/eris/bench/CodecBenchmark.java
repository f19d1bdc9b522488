package eris.bench;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.codec.Decoder;
import eris.codec.Encoder;
import eris.store.MemoryBlockStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
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

/// Encoder and decoder, on 4 MiB of content per thread. One operation is 1 MiB, so a score in
/// operations per second is MiB/s; one random read is 4 KiB, at the start of a leaf.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class CodecBenchmark {
  private static final int MIBS = 4;
  private static final long CONTENT_BYTES = MIBS << 20;
  private static final int BATCH_BLOCKS = 32;

  @Param({"KIB_1", "KIB_32"})
  public BlockSize blockSize = BlockSize.KIB_32;

  private final RepeatedContent content = new RepeatedContent();
  private final ByteBuffer decoded = ByteBuffer.allocateDirect(1 << 20);
  private final ByteBuffer page = ByteBuffer.allocateDirect(4096);
  private final Random random = new Random(4);
  private final MemoryBlockStore store = new MemoryBlockStore();
  private Encoder toNowhere;
  private Encoder toMemory;
  private Decoder decoder;

  @Setup
  public void encodeOnce() throws IOException {
    toNowhere = new Encoder(blockSize, EndToEnd.NOWHERE, 1, BATCH_BLOCKS);
    toMemory = new Encoder(blockSize, store, 1, BATCH_BLOCKS);
    decoder = Decoder.open(store, encodeToMemory());
  }

  @Benchmark
  @OperationsPerInvocation(MIBS)
  public ReadCapability encodeToNowhere() throws IOException {
    return encode(toNowhere);
  }

  @Benchmark
  @OperationsPerInvocation(MIBS)
  public ReadCapability encodeToMemory() throws IOException {
    return encode(toMemory);
  }

  @Benchmark
  @OperationsPerInvocation(MIBS)
  public long decodeFromMemory() throws IOException {
    decoder.position(0);
    do {
      decoded.clear();
    } while (decoder.read(decoded) >= 0);
    return decoder.position();
  }

  @Benchmark
  public int readRandomPage() throws IOException {
    long leaf = random.nextInt((int) (CONTENT_BYTES / blockSize.bytes()));
    return decoder.position(leaf * blockSize.bytes()).read(page.clear());
  }

  private ReadCapability encode(Encoder encoder) throws IOException {
    return encoder.encode(content.ofSize(CONTENT_BYTES), ConvergenceSecret.nullSecret());
  }
}
