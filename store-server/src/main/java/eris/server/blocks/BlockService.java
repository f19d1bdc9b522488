package eris.server.blocks;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.store.ScrubbableStore;
import eris.stores.VerifiedSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What every door asks: the store, with what the daemon promises about it.
///
/// Whatever comes out was hashed after it left the store, and whatever was put is durable when [#put]
/// returns. Both may block, so doors ask on the threads of [#execute], which are bounded, and so is
/// what waits for them: of more, the asker is told. Safe for concurrent use.
public final class BlockService implements AutoCloseable {
  private static final Duration REMEMBERED = Duration.ofSeconds(10);

  private final BlockStore store;
  private final RequestLog requests;
  private final VerifiedSource verified;
  private final BlockCache cache;
  private final BatchReads reads;
  private final ForkJoinPool threads; // wakes who has just worked: fewer threads run than there are
  private final Semaphore room;
  private final int mostPending;
  private final BlockCounts counts = new BlockCounts();
  private volatile @Nullable LastTrouble last;
  private final ByteBufAllocator allocator = ownAllocator();

  private record LastTrouble(Trouble trouble, long nanoTime) {}

  /// Without a log of requests.
  ///
  /// @param store that stays the caller's to close, after this
  public BlockService(BlockStore store, StoreLimits limits) {
    this(store, limits, new RequestLog(ServerLog.SILENT));
  }

  /// @param store that stays the caller's to close, after this
  /// @param requests the log for all doors, likewise
  public BlockService(BlockStore store, StoreLimits limits, RequestLog requests) {
    this.store = store;
    this.requests = requests;
    verified = new VerifiedSource(store);
    cache = new BlockCache(limits.cacheBytes());
    reads = new BatchReads(store, allocator);
    threads = new ForkJoinPool(limits.threads());
    mostPending = limits.threads() + limits.waiting();
    room = new Semaphore(mostPending);
  }

  /// Runs `work`, which may ask this service, on one of its threads.
  ///
  /// @throws Overloaded if too much waits already
  public void execute(Runnable work) throws Overloaded {
    if (!room.tryAcquire()) {
      counts.overloaded.increment();
      throw new Overloaded();
    }
    threads.execute(
        () -> {
          try {
            work.run();
          } finally {
            room.release();
          }
        });
  }

  /// The block, if it is in memory; never blocks. The caller releases it and changes nothing in it.
  public Optional<ByteBuf> cached(Reference reference) {
    Optional<ByteBuf> block = cache.get(reference);
    if (block.isPresent()) {
      counts.fromMemory.increment();
    }
    return block;
  }

  /// The block, if the store has it. The caller releases it and changes nothing in it.
  ///
  /// @throws CorruptBlock if the store had something else, which is now out of use
  public Optional<ByteBuf> get(Reference reference) throws IOException {
    Optional<ByteBuf> held = cached(reference);
    if (held.isPresent()) {
      return held;
    }
    Optional<ByteBuf> block = read(reference);
    block.ifPresent(bytes -> cache.add(reference, bytes));
    (block.isPresent() ? counts.fromStore : counts.missing).increment();
    return block;
  }

  /// Those of some blocks that are found at once and authentic, in the order of `references`: of the
  /// others, [#get] tells more. Blocks that are hashed together take less time. The caller releases them.
  public List<Optional<ByteBuf>> getAll(List<Reference> references) {
    List<Optional<ByteBuf>> blocks = reads.getAll(references);
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).isPresent()) {
        blocks.set(i, Optional.of(keep(references.get(i), blocks.get(i).get())));
        counts.fromStore.increment();
      }
    }
    return blocks;
  }

  /// Adds a block that lies among others to the cache, as a copy: it would keep them all in memory.
  private ByteBuf keep(Reference reference, ByteBuf block) {
    if (!cache.takes(block.readableBytes())) {
      return block;
    }
    ByteBuf own = allocator.directBuffer(block.readableBytes()).writeBytes(block);
    block.release();
    cache.add(reference, own);
    return own;
  }

  /// How many blocks should be asked for together, so that none waits long for the others.
  public int bestTogether() {
    return reads.bestTogether();
  }

  /// Whether the store's index has the block.
  public boolean contains(Reference reference) throws IOException {
    return store.contains(reference);
  }

  /// Stores a block of 1 or 32 KiB and returns its reference once it is durable, whether or not it
  /// was there already.
  ///
  /// @throws eris.store.StoreException.Full if there is no room for it
  /// @throws eris.store.StoreException.ReadOnly if the store takes no blocks
  public Reference put(MemorySegment block) throws IOException {
    Reference reference = Reference.of(block);
    putVerified(reference, block);
    return reference;
  }

  /// Does that if `claimed` is the reference of the block.
  ///
  /// @throws WrongReference if it is not
  public void put(Reference claimed, MemorySegment block) throws IOException {
    if (!Reference.of(block).equals(claimed)) {
      throw new WrongReference();
    }
    putVerified(claimed, block);
  }

  private void putVerified(Reference reference, MemorySegment block) throws IOException {
    try {
      store.put(reference, block);
      store.sync();
      counts.put.increment();
    } catch (IOException e) {
      troubled(Trouble.of(e));
      throw e;
    }
  }

  /// Stores blocks under their references, which are the hashes of them. Durable after [#sync].
  public void putAll(BlockBatch batch) throws IOException {
    try {
      store.putAll(batch);
      counts.put.add(batch.count());
    } catch (IOException e) {
      troubled(Trouble.of(e));
      throw e;
    }
  }

  /// Returns once all that was put before survives a power cut.
  public void sync() throws IOException {
    try {
      store.sync();
    } catch (IOException e) {
      troubled(Trouble.of(e));
      throw e;
    }
  }

  /// Takes a copy out of use that somebody has read and found to be corrupt.
  public void foundCorrupt(CorruptBlock corrupt) {
    counts.corrupt.increment();
    setAside(corrupt.reference(), corrupt);
  }

  private void troubled(Trouble trouble) {
    counts.failed.increment();
    last = new LastTrouble(trouble, System.nanoTime());
  }

  /// What keeps the store from all that is asked of it, as far as the last seconds have told: it may
  /// have passed, and only the next request can tell.
  public Optional<Trouble> trouble() {
    LastTrouble recent = last;
    return recent != null && System.nanoTime() - recent.nanoTime() < REMEMBERED.toNanos()
        ? Optional.of(recent.trouble())
        : Optional.empty();
  }

  /// Where doors note the requests that they have answered.
  public RequestLog requests() {
    return requests;
  }

  /// The store behind this.
  public BlockStore store() {
    return store;
  }

  /// What was done so far.
  public BlockCounts counts() {
    return counts;
  }

  /// Requests that are with the store or wait for it.
  public int pending() {
    return mostPending - room.availablePermits();
  }

  /// Of the blocks that are held in memory.
  public long cachedBytes() {
    return cache.bytes();
  }

  private Optional<ByteBuf> read(Reference reference) throws IOException {
    ByteBuf target = allocator.directBuffer(BlockSize.MAX_BYTES, BlockSize.MAX_BYTES);
    try {
      MemorySegment segment = MemorySegment.ofBuffer(target.nioBuffer(0, BlockSize.MAX_BYTES));
      Optional<MemorySegment> block = verified.get(reference, segment);
      if (block.isEmpty()) {
        return Optional.empty();
      }
      target.writerIndex(Math.toIntExact(block.get().byteSize()));
      return Optional.of(fitting(target));
    } catch (CorruptBlock e) {
      foundCorrupt(e);
      throw e;
    } catch (IOException e) {
      troubled(Trouble.FAILED);
      throw e;
    } finally {
      target.release();
    }
  }

  /// Where that fails, the block is no less corrupt.
  private void setAside(Reference reference, CorruptBlock found) {
    if (store instanceof ScrubbableStore scrubbable) {
      try {
        scrubbable.setAside(reference);
      } catch (IOException e) {
        found.addSuppressed(e);
      }
    }
  }

  /// The same bytes in no more memory than they need: small blocks came in a buffer for large ones.
  private ByteBuf fitting(ByteBuf block) {
    return block.isWritable()
        ? allocator.directBuffer(block.readableBytes()).writeBytes(block)
        : block.retain();
  }

  /// Buffers are filled on threads that are not Netty's: they get their share of what is kept ready.
  private static ByteBufAllocator ownAllocator() {
    return new PooledByteBufAllocator(
        true,
        0,
        PooledByteBufAllocator.defaultNumDirectArena(),
        PooledByteBufAllocator.defaultPageSize(),
        PooledByteBufAllocator.defaultMaxOrder(),
        PooledByteBufAllocator.defaultSmallCacheSize(),
        PooledByteBufAllocator.defaultNormalCacheSize(),
        true);
  }

  /// Waits for what is under way, a second at most. The store is the caller's to close.
  @Override
  public void close() {
    threads.shutdown();
    try {
      threads.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cache.close();
  }
}
