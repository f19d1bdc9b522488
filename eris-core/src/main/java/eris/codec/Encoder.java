package eris.codec;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.ReadCapability;
import eris.kernel.BlockKernel;
import eris.store.BlockSink;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/// Encodes content: bytes in, blocks out to a sink, a read capability at the end (ERIS 1.0.0,
/// Encode).
///
/// Leaves are read in batches. The threads of an encoder, the caller among them, each take the next
/// batch, encrypt it, and in the order of the batches pass it to the sink: so what one has read stays
/// in the cache of its core. Content that fits one batch meets no other thread. The blocks and the
/// capability are the same whatever the batch size and the number of threads, and memory depends only
/// on those two. `content` and the sink are used by one thread at a time, but not always by the same.
///
/// Reusable, one piece of content after the other; not safe for concurrent use.
public final class Encoder {
  private static final int MAX_BATCH_BYTES = 1 << 18; // stays in the cache of a core
  private static final int MAX_BATCH_BLOCKS = 256;

  /// Enough internal nodes for the widest kernel.
  private static final int INTERNAL_BATCH_BLOCKS = 8;

  private final BlockKernel kernel = BlockKernel.best();
  private final BlockSize blockSize;
  private final BlockSink sink;
  private final MemorySegment secret = MemorySegment.ofArray(new byte[ConvergenceSecret.BYTES]);
  private final int workers;
  private final int batchBlocks;
  private final Deque<Batch> idle = new ArrayDeque<>();
  private final List<Batch> levels = new ArrayList<>(); // the children of nodes of level 1, 2, …

  /// An encoder with a thread for each core.
  public Encoder(BlockSize blockSize, BlockSink sink) {
    this(
        blockSize,
        sink,
        Runtime.getRuntime().availableProcessors(),
        Math.min(MAX_BATCH_BLOCKS, MAX_BATCH_BYTES / blockSize.bytes()));
  }

  /// @param workers threads that encrypt, the caller among them
  /// @param batchBlocks leaves per batch
  public Encoder(BlockSize blockSize, BlockSink sink, int workers, int batchBlocks) {
    if (workers < 1 || batchBlocks < 1 || batchBlocks > Integer.MAX_VALUE / blockSize.bytes()) {
      throw new IllegalArgumentException(
          "%d workers and %d blocks per batch, want at least 1, and batches of less than 2 GiB"
              .formatted(workers, batchBlocks));
    }
    this.blockSize = Objects.requireNonNull(blockSize);
    this.sink = Objects.requireNonNull(sink);
    this.workers = workers;
    this.batchBlocks = batchBlocks;
  }

  /// The name of the kernel that does the work on this JVM.
  public static String kernelName() {
    return BlockKernel.best().name();
  }

  /// Encodes all of `content` into the sink. Does not close `content` and does not sync the sink.
  ///
  /// @throws IOException what `content` or the sink threw; blocks may have reached the sink
  public ReadCapability encode(InputStream content, ConvergenceSecret secret) throws IOException {
    return encode(Channels.newChannel(content), secret);
  }

  /// Encodes all of `content`, a blocking channel, into the sink. Does not close `content` and does
  /// not sync the sink.
  ///
  /// @throws IOException what `content` or the sink threw; blocks may have reached the sink
  public ReadCapability encode(ReadableByteChannel content, ConvergenceSecret secret)
      throws IOException {
    secret.writeTo(this.secret, 0);
    levels.forEach(Batch::clear);
    Batch first = idle.isEmpty() ? new Batch(blockSize, batchBlocks) : idle.pop();
    boolean end = first.fillFrom(content);
    if (end || workers == 1) {
      encodeHere(content, first, end);
    } else {
      encodeOnWorkers(content, first);
    }
    return finish();
  }

  private void encodeHere(ReadableByteChannel content, Batch batch, boolean end)
      throws IOException {
    store(batch.encrypt(kernel, secret, 0));
    while (!end) {
      end = batch.fillFrom(content);
      store(batch.encrypt(kernel, secret, 0));
    }
    idle.push(batch);
  }

  private void encodeOnWorkers(ReadableByteChannel content, Batch first) throws IOException {
    List<Batch> batches = new ArrayList<>(workers);
    batches.add(first);
    while (batches.size() < workers) {
      batches.add(idle.isEmpty() ? new Batch(blockSize, batchBlocks) : idle.pop());
    }
    new Relay(content, batch -> batch.encrypt(kernel, secret, 0), this::store).run(batches);
    batches.forEach(idle::push);
  }

  private void store(Batch leaves) throws IOException {
    sink.putAll(leaves.blocks());
    addAll(0, leaves.pairs());
  }

  /// Adds the pairs of nodes of `level` to their parents, which are encrypted once a batch is full.
  private void addAll(int level, MemorySegment pairs) throws IOException {
    if (level == levels.size()) {
      levels.add(new Batch(blockSize, INTERNAL_BATCH_BLOCKS));
    }
    Batch parents = levels.get(level);
    long added = 0;
    while (added < pairs.byteSize()) {
      added += parents.add(pairs.asSlice(added));
      if (parents.isFull()) {
        collect(level);
      }
    }
  }

  private void collect(int level) throws IOException {
    Batch nodes = levels.get(level).encrypt(kernel, BlockKernel.UNKEYED, level + 1);
    sink.putAll(nodes.blocks());
    addAll(level + 1, nodes.pairs());
    nodes.clear();
  }

  /// Goes up the right edge, completing what is not, until one pair is left: the root.
  private ReadCapability finish() throws IOException {
    for (int level = 0; ; level++) {
      Batch parents = levels.get(level);
      if (parents.isOnePair() && isTop(level)) {
        return new ReadCapability(blockSize, level, parents.firstPair());
      }
      if (!parents.isEmpty()) {
        collect(level);
      }
    }
  }

  private boolean isTop(int level) {
    return levels.stream().skip(level + 1).allMatch(Batch::isEmpty);
  }
}
