package eris.bench;

import static eris.kernel.BlockKernel.PAIR_BYTES;

import com.sun.management.ThreadMXBean;
import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.Reference;
import eris.codec.Decoder;
import eris.codec.Encoder;
import eris.store.BlockBatch;
import eris.store.BlockSink;
import eris.store.MemoryBlockStore;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Measures encoder and decoder as a caller meets them: two cores against one, allocation, random
/// reads.
final class EndToEnd {
  static final String ENCODE_ONE_CORE = "encode to nowhere, one worker, wall";
  static final String ENCODE_TWO_CORES = "encode to nowhere, two workers, wall";
  static final String SEQUENTIAL = "decode in sequence";
  static final String RANDOM = "random reads of 4 KiB";
  static final String LONE_BLOCKS = "lone blocks";
  static final String OUTSTANDING = "random reads of 4 KiB, 16 outstanding";
  static final String ALLOCATED_TO_NOWHERE = "bytes allocated per block, encode to nowhere";
  static final String ALLOCATED_TO_STORE =
      "bytes allocated per block beyond the stored copy, encode to a memory store";
  static final String ALLOCATED_FROM_STORE =
      "bytes allocated per block, decode from a memory store";

  private static final BlockSize BLOCK_SIZE = BlockSize.KIB_32;
  private static final int READ_BYTES = 4096;
  private static final int READS = 64;
  private static final int READERS = 16;
  private static final long STORED_BYTES = 8 << 20;
  private static final int ARRAY_HEADER_BYTES = 16;
  static final BlockSink NOWHERE =
      new BlockSink() {
        @Override
        public void put(Reference reference, MemorySegment block) {}

        @Override
        public void putAll(BlockBatch batch) {}
      };

  private final RepeatedContent content = new RepeatedContent();
  private final MemoryBlockStore store = new MemoryBlockStore();
  private final ReadCapability capability;
  private final ByteBuffer decoded = ByteBuffer.allocateDirect(1 << 20);
  private final Random random = new Random(3);
  private final int samples;
  private final long warmUpMillis;

  private EndToEnd(int samples, long warmUpMillis) throws IOException {
    this.samples = samples;
    this.warmUpMillis = warmUpMillis;
    capability = encode(new Encoder(BLOCK_SIZE, store), STORED_BYTES);
  }

  /// Arguments: samples per round, milliseconds of warm-up for each.
  public static void main(String[] args) throws Exception {
    var endToEnd = new EndToEnd(Integer.parseInt(args[0]), Long.parseLong(args[1]));
    Results.print("kernel", Pipelines.ours());
    endToEnd.measureCores();
    endToEnd.measureReads();
    endToEnd.measureAllocation();
  }

  private ReadCapability encode(Encoder encoder, long sizeBytes) throws IOException {
    return encoder.encode(content.ofSize(sizeBytes), ConvergenceSecret.nullSecret());
  }

  private void measureCores() throws Exception {
    long sizeBytes = 128L << 20; // starting threads does not count
    var one = new Encoder(BLOCK_SIZE, NOWHERE, 1, 8);
    var two = new Encoder(BLOCK_SIZE, NOWHERE, 2, 8);
    measure(
        RoundRobin.byWallTime(samples),
        List.of(
            task(ENCODE_ONE_CORE, sizeBytes, () -> encode(one, sizeBytes)),
            task(ENCODE_TWO_CORES, sizeBytes, () -> encode(two, sizeBytes))));
  }

  /// All in MB of blocks decoded per second of CPU time. The inner nodes are warm: the decoder has
  /// just read them.
  private void measureReads() throws Exception {
    try (var sequential = Decoder.open(store, capability);
        var reader = Decoder.open(store, capability)) {
      var loneBlocks = new LoneBlocks();
      long randomBytes = (long) READS * BLOCK_SIZE.bytes();
      measure(
          RoundRobin.byThreadCpuTime(samples),
          List.of(
              task(SEQUENTIAL, STORED_BYTES, () -> decodeAll(sequential)),
              task(RANDOM, randomBytes, () -> readRandomly(reader, random)),
              task(LONE_BLOCKS, randomBytes, loneBlocks::decode)));
    }
    measureOutstanding();
  }

  private void decodeAll(Decoder decoder) throws IOException {
    decoder.position(0);
    do {
      decoded.clear();
    } while (decoder.read(decoded) >= 0);
  }

  private static void readRandomly(Decoder decoder, Random random) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(READ_BYTES);
    for (int i = 0; i < READS; i++) {
      long leaf = random.nextLong(STORED_BYTES / BLOCK_SIZE.bytes());
      decoder.position(leaf * BLOCK_SIZE.bytes()).read(target.clear());
    }
  }

  /// Sixteen readers, each a decoder of its own on a thread of its own; the CPU time of all.
  private void measureOutstanding() throws Exception {
    try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      double[][] rates = new double[RoundRobin.ROUNDS][samples];
      for (double[] round : rates) {
        for (int sample = 0; sample < samples; sample++) {
          List<Callable<Long>> reads = new ArrayList<>();
          for (int i = 0; i < READERS; i++) {
            int seed = i;
            reads.add(() -> cpuNanosOfReads(seed));
          }
          long nanos = 0;
          for (Future<Long> read : readers.invokeAll(reads)) {
            nanos += read.get();
          }
          round[sample] = 1e3 * READERS * READS * BLOCK_SIZE.bytes() / nanos;
        }
      }
      Results.print(OUTSTANDING, Rate.of(rates, 50));
    }
  }

  private long cpuNanosOfReads(int seed) throws IOException {
    try (var decoder = Decoder.open(store, capability)) {
      long start = RoundRobin.THREAD_CPU.getAsLong();
      readRandomly(decoder, new Random(seed));
      return RoundRobin.THREAD_CPU.getAsLong() - start;
    }
  }

  private void measure(RoundRobin roundRobin, List<RoundRobin.Task> tasks) throws Exception {
    RoundRobin.warmUp(tasks, warmUpMillis);
    roundRobin.measure(tasks).forEach(Results::print);
  }

  private static RoundRobin.Task task(String name, long bytes, RoundRobin.Work work) {
    return new RoundRobin.Task(name, bytes / 1e6, () -> {}, work);
  }

  /// What is allocated by all threads. The few objects of each call are spread over its blocks.
  private void measureAllocation() throws Exception {
    long sizeBytes = 512L << 20;
    var toNowhere = new Encoder(BLOCK_SIZE, NOWHERE);
    var toStore = new Encoder(BLOCK_SIZE, store);
    int stored = BLOCK_SIZE.bytes() + ARRAY_HEADER_BYTES;
    try (var decoder = Decoder.open(store, capability)) {
      Map<String, Double> allocated =
          Map.of(
              ALLOCATED_TO_NOWHERE,
              allocatedPerBlock(sizeBytes / BLOCK_SIZE.bytes(), () -> encode(toNowhere, sizeBytes)),
              ALLOCATED_TO_STORE,
              allocatedPerBlock(
                      STORED_BYTES / BLOCK_SIZE.bytes(), () -> encode(toStore, STORED_BYTES))
                  - stored,
              ALLOCATED_FROM_STORE,
              allocatedPerBlock(STORED_BYTES / BLOCK_SIZE.bytes(), () -> decodeAll(decoder)));
      allocated.forEach(Results::print);
    }
  }

  private double allocatedPerBlock(long blocks, RoundRobin.Work work) throws Exception {
    RoundRobin.warmUp(List.of(task("", 0, work)), warmUpMillis);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) { // the JVM's own threads allocate now and then
      long before = threads.getTotalThreadAllocatedBytes();
      work.run();
      least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
    }
    return (double) least / blocks;
  }

  /// Blocks decoded one by one by the kernel: each is copied from memory, verified, decrypted.
  private static final class LoneBlocks {
    private final Pipeline pipeline = new KernelPipeline(Pipelines.kernels().getFirst());
    private final MemorySegment blocks =
        Arena.global().allocate((long) READS * BLOCK_SIZE.bytes(), 64);
    private final MemorySegment pairs = Arena.global().allocate((long) READS * PAIR_BYTES, 64);
    private final MemorySegment work = Arena.global().allocate(BLOCK_SIZE.bytes(), 64);

    LoneBlocks() {
      MemorySegment secret = Arena.global().allocate(ConvergenceSecret.BYTES);
      pipeline.encode(blocks, BLOCK_SIZE.bytes(), secret, pairs);
    }

    void decode() {
      for (long i = 0; i < READS; i++) {
        work.copyFrom(blocks.asSlice(i * BLOCK_SIZE.bytes(), BLOCK_SIZE.bytes()));
        pipeline.decode(work, BLOCK_SIZE.bytes(), pairs.asSlice(i * PAIR_BYTES, PAIR_BYTES));
      }
    }
  }
}
