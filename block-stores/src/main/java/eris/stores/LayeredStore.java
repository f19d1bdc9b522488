package eris.stores;

import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockSource;
import eris.store.BlockStore;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Several stores as one, each used as far as its rights go. They are asked in order, and every
/// answer is verified: a layer that has a bad copy, or that fails, is passed over where a later one
/// has the block. What a later layer gave is put into the caches before it, which heals bad copies
/// there.
///
/// A cache that fails does not make a read fail: the first such failure is reported, the next ones
/// are not.
public final class LayeredStore implements BlockStore {
  private final List<Layer> layers;
  private final Consumer<IOException> cacheFailure;
  private final AtomicBoolean cacheFailed = new AtomicBoolean();

  /// One of the stores, with what messages call it.
  public record Layer(String name, BlockStore store, Set<Right> rights) {
    public Layer {
      Objects.requireNonNull(name);
      Objects.requireNonNull(store);
      rights = Set.copyOf(rights);
    }

    boolean may(Right right) {
      return rights.contains(right);
    }

    BlockSource verified() {
      return new VerifiedSource(store);
    }
  }

  /// Owns the stores of `layers`: they are closed with it.
  ///
  /// @param cacheFailure told of the first failure of a cache
  public LayeredStore(List<Layer> layers, Consumer<IOException> cacheFailure) {
    this.layers = List.copyOf(layers);
    this.cacheFailure = Objects.requireNonNull(cacheFailure);
  }

  /// @throws CorruptBlock if a layer has a bad copy and none a good one
  /// @throws IOException if a layer failed and no other has the block
  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (!layer.may(Right.GET)) {
        continue;
      }
      try {
        Optional<MemorySegment> block = layer.verified().get(reference, target);
        if (block.isPresent()) {
          fillCaches(i, cache -> cache.put(reference, block.get()));
          return block;
        }
      } catch (IOException e) {
        requireNotInterrupted(e);
        failures.add(e);
      }
    }
    throwGravest(failures);
    return Optional.empty();
  }

  /// Asks each layer for what those before it did not give. A layer that fails gives nothing.
  @Override
  public BitSet getAll(BlockBatch batch) throws IOException {
    var missing = new BitSet(batch.count());
    missing.set(0, batch.count());
    for (int i = 0; i < layers.size() && !missing.isEmpty(); i++) {
      if (layers.get(i).may(Right.GET)) {
        missing.andNot(getMissing(i, batch, missing));
      }
    }
    var held = new BitSet(batch.count());
    held.set(0, batch.count());
    held.andNot(missing);
    return held;
  }

  private BitSet getMissing(int layer, BlockBatch batch, BitSet missing) throws IOException {
    var part = new BatchPart(batch, missing);
    try {
      BitSet found = part.giveBack(layers.get(layer).verified().getAll(part.batch()));
      if (!found.isEmpty()) {
        fillCaches(layer, cache -> cache.putAll(new BatchPart(batch, found).batch()));
      }
      return found;
    } catch (IOException e) {
      requireNotInterrupted(e);
      return new BitSet();
    }
  }

  /// Adds the block to every layer that has the put right. After a failure some may have it.
  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    for (Layer layer : writable()) {
      layer.store().put(reference, block);
    }
  }

  @Override
  public void putAll(BlockBatch batch) throws IOException {
    for (Layer layer : writable()) {
      layer.store().putAll(batch);
    }
  }

  private List<Layer> writable() throws StoreException.ReadOnly {
    List<Layer> writable = layers.stream().filter(layer -> layer.may(Right.PUT)).toList();
    if (writable.isEmpty()) {
      throw new StoreException.ReadOnly(
          layers.stream().map(Layer::name).collect(Collectors.joining(", ")));
    }
    return writable;
  }

  @Override
  public boolean contains(Reference reference) throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (Layer layer : layers) {
      try {
        if (layer.may(Right.GET) && layer.store().contains(reference)) {
          return true;
        }
      } catch (IOException e) {
        requireNotInterrupted(e);
        failures.add(e);
      }
    }
    throwGravest(failures);
    return false;
  }

  @Override
  public void sync() throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer.may(Right.PUT)) {
        attempt(() -> layer.store().sync(), failures);
      } else if (layer.may(Right.CACHE)) {
        attemptOnCache(layer, BlockStore::sync);
      }
    }
    throwGravest(failures);
  }

  /// Closes every layer, also after one that fails.
  @Override
  public void close() throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (Layer layer : layers) {
      attempt(() -> layer.store().close(), failures);
    }
    throwGravest(failures);
  }

  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  @FunctionalInterface
  private interface CacheAction {
    void run(BlockStore cache) throws IOException;
  }

  private static void attempt(Action action, List<IOException> failures) {
    try {
      action.run();
    } catch (IOException e) {
      failures.add(e);
    }
  }

  private void fillCaches(int before, CacheAction fill) {
    for (Layer layer : layers.subList(0, before)) {
      if (layer.may(Right.CACHE)) {
        attemptOnCache(layer, fill);
      }
    }
  }

  private void attemptOnCache(Layer layer, CacheAction action) {
    try {
      action.run(layer.store());
    } catch (IOException e) {
      if (cacheFailed.compareAndSet(false, true)) {
        cacheFailure.accept(new IOException("cache " + layer.name() + " failed", e));
      }
    }
  }

  /// A reader that is to stop does not go on to the next layer, to be interrupted there as well.
  private static void requireNotInterrupted(IOException failure) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw failure;
    }
  }

  /// Throws the first failure, but a corrupt block before any other: it is known to have been there.
  private static void throwGravest(List<IOException> failures) throws IOException {
    if (failures.isEmpty()) {
      return;
    }
    IOException gravest =
        failures.stream()
            .filter(CorruptBlock.class::isInstance)
            .findFirst()
            .orElse(failures.getFirst());
    failures.stream().filter(other -> !other.equals(gravest)).forEach(gravest::addSuppressed);
    throw gravest;
  }
}
