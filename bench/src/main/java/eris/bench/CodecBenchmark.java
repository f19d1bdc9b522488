package eris.bench;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.codec.Decoder;
import eris.codec.Encoder;
import eris.store.MemoryBlockStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
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

/// The codec on one thread against Bouncy Castle called by hand, on 4 MiB of content. One operation
/// is 1 MiB, so a score in operations per second is MiB/s.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class CodecBenchmark {
  private static final int MIBS = 4;
  private static final int BATCH_BLOCKS = 32;

  @Param({"KIB_1", "KIB_32"})
  public BlockSize blockSize = BlockSize.KIB_32;

  private final byte[] content = new byte[MIBS << 20];
  private final ByteBuffer decoded = ByteBuffer.allocateDirect(MIBS << 20);
  private final MemoryBlockStore store = new MemoryBlockStore();
  private Encoder encoder;
  private ByHand byHand;
  private ReadCapability capability;

  @Setup
  public void encodeOnce() throws IOException {
    new Random(1).nextBytes(content);
    byHand = new ByHand(blockSize.bytes());
    encoder = new Encoder(blockSize, (_, _) -> {}, 1, BATCH_BLOCKS);
    capability =
        new Encoder(blockSize, store)
            .encode(new ByteArrayInputStream(content), ConvergenceSecret.nullSecret());
  }

  @Benchmark
  @OperationsPerInvocation(MIBS)
  public ReadCapability encode() throws IOException {
    return encoder.encode(
        Channels.newChannel(new ByteArrayInputStream(content)), ConvergenceSecret.nullSecret());
  }

  @Benchmark
  @OperationsPerInvocation(MIBS)
  public byte[] encodeByHand() {
    return byHand.encode(content);
  }

  @Benchmark
  @OperationsPerInvocation(MIBS)
  public int decode() throws IOException {
    try (Decoder decoder = Decoder.open(store, capability)) {
      decoded.clear();
      while (decoder.read(decoded) > 0) {}
      return decoded.position();
    }
  }

  @Benchmark
  @OperationsPerInvocation(MIBS)
  public byte[] decodeByHand() {
    return byHand.decode(content, new byte[32]);
  }
}
