package eris.stores.sync;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Hashes and stores blocks, a batch at a time, on threads of its own while more are read. Every
/// block goes under its own hash.
///
/// Used by one thread; 6 MiB are on their way at most.
final class ReceivedBlocks implements AutoCloseable {
  private static final int BATCH_BYTES = 1 << 20;
  private static final int BATCHES = 6;
  private static final int THREADS = 2;
  private static final long SYNC_BYTES = 64 << 20;

  private final BlockStore store;
  private final Salt salt;
  private final byte[] block = new byte[BlockSize.MAX_BYTES];
  private final Arena arena = Arena.ofShared();
  private final BlockingQueue<Batch> free = new ArrayBlockingQueue<>(BATCHES);
  private final Map<BlockSize, Batch> filling = new EnumMap<>(BlockSize.class);
  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, Thread.ofPlatform().daemon().factory());
  private int batches; // allocated so far
  private volatile Predicate<Reference> wanted = _ -> false;

  private final Object lock = new Object(); // guards the fields below
  private SetDigest digest = SetDigest.EMPTY;
  private @Nullable Exception failure;
  private long unsyncedBytes;

  ReceivedBlocks(BlockStore store, Salt salt) {
    this.store = store;
    this.salt = salt;
  }

  /// Begins a stream, after the one before was finished.
  void begin(Predicate<Reference> theseAreWanted) {
    wanted = theseAreWanted;
    synchronized (lock) {
      digest = SetDigest.EMPTY;
    }
  }

  /// Reads a block, which is in the store after [#finish] at the latest.
  ///
  /// @throws IOException also if one before was not wanted or could not be stored
  void read(BlockSize size, SyncInput in) throws IOException {
    in.readInto(block, 0, size.bytes());
    Batch batch = filling.get(size);
    if (batch == null) {
      batch = takeFree();
      batch.begin(size);
      filling.put(size, batch);
    }
    batch.add(block);
    if (batch.isFull()) {
      filling.remove(size);
      store(batch);
    }
  }

  /// Waits until all blocks are in the store.
  ///
  /// @return the digest of the stream
  SetDigest finish() throws IOException {
    filling.values().forEach(this::store);
    filling.clear();
    List<Batch> all = new ArrayList<>();
    while (all.size() < batches) {
      all.add(await());
    }
    free.addAll(all);
    requireSound();
    synchronized (lock) {
      return digest;
    }
  }

  private Batch takeFree() throws IOException {
    requireSound();
    if (free.isEmpty() && batches < BATCHES) {
      batches++;
      return new Batch(arena.allocate(BATCH_BYTES, Long.BYTES));
    }
    return await();
  }

  private Batch await() throws IOException {
    try {
      return free.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while storing blocks");
    }
  }

  private void requireSound() throws IOException {
    synchronized (lock) {
      switch (failure) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw new IllegalStateException(failure);
      }
    }
  }

  private void store(Batch batch) {
    threads.execute(
        () -> {
          try {
            storeNow(batch);
          } catch (IOException | RuntimeException e) {
            synchronized (lock) {
              failure = failure == null ? e : failure;
            }
          } finally {
            free.add(batch);
          }
        });
  }

  private void storeNow(Batch batch) throws IOException {
    BlockBatch hashed = batch.hashed();
    SetDigest sum = SetDigest.EMPTY;
    for (int i = 0; i < hashed.count(); i++) {
      Reference reference = hashed.reference(i);
      if (!wanted.test(reference)) {
        throw new MalformedSync(
            "block %s, which nobody asked for".formatted(reference.abbreviated()));
      }
      sum = sum.plus(salt.digest(reference));
    }
    store.putAll(hashed);
    if (account(sum, hashed.blocks().byteSize())) {
      store.sync();
    }
  }

  /// @return whether so much was stored that it should be made durable
  private boolean account(SetDigest sum, long bytes) {
    synchronized (lock) {
      digest = digest.plus(sum);
      unsyncedBytes += bytes;
      if (unsyncedBytes < SYNC_BYTES) {
        return false;
      }
      unsyncedBytes = 0;
      return true;
    }
  }

  @Override
  public void close() {
    threads.close();
    arena.close();
  }

  /// Blocks of one size, to be stored together.
  private static final class Batch {
    private final MemorySegment memory;
    private BlockSize size = BlockSize.KIB_1;
    private int count;

    Batch(MemorySegment memory) {
      this.memory = memory;
    }

    void begin(BlockSize blockSize) {
      size = blockSize;
      count = 0;
    }

    void add(byte[] block) {
      MemorySegment.copy(
          MemorySegment.ofArray(block), 0, memory, (long) count * size.bytes(), size.bytes());
      count++;
    }

    boolean isFull() {
      return count == BATCH_BYTES / size.bytes();
    }

    BlockBatch hashed() {
      MemorySegment blocks = memory.asSlice(0, (long) count * size.bytes());
      MemorySegment references = MemorySegment.ofArray(new byte[count * Reference.BYTES]);
      Reference.writeAll(blocks, size, references);
      return new BlockBatch(size, blocks, references);
    }
  }
}
