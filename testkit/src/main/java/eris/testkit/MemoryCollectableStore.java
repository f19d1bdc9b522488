package eris.testkit;

import eris.BlockSize;
import eris.Reference;
import eris.store.CollectableStore;
import eris.store.Retention;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Blocks on the heap that can be collected, and that a crash takes back as far as it may.
public final class MemoryCollectableStore implements CollectableStore {
  private final NavigableMap<Reference, Entry> entries;
  private final Map<Reference, Optional<Entry>> durable = new HashMap<>(); // where it differs
  private Retention retention;
  private byte[] metadata;
  private long sequence;
  private boolean changed;
  private long gets;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(byte[] block, long sequence, boolean inTrash) {}

  /// An empty store that is to be collected.
  public MemoryCollectableStore() {
    this(
        new TreeMap<>(),
        new Retention(Retention.Mode.LEASED, OptionalLong.empty()),
        new byte[0],
        1);
  }

  private MemoryCollectableStore(
      NavigableMap<Reference, Entry> entries, Retention retention, byte[] metadata, long sequence) {
    this.entries = entries;
    this.retention = retention;
    this.metadata = metadata;
    this.sequence = sequence;
  }

  /// What a restart might find: of each block that was not synced, what it was at the last sync or
  /// what it became since.
  public synchronized MemoryCollectableStore crash(RandomGenerator random) {
    var survived = new TreeMap<>(entries);
    durable.forEach(
        (reference, entry) -> {
          if (random.nextBoolean()) {
            entry.ifPresentOrElse(
                old -> survived.put(reference, old), () -> survived.remove(reference));
          }
        });
    var restarted = new MemoryCollectableStore(survived, retention, metadata, sequence);
    restarted.changed = true;
    return restarted;
  }

  /// Whether the block can be read, from the trash at the least.
  public synchronized boolean hasBytes(Reference reference) {
    return entries.containsKey(reference);
  }

  /// How often a block was asked for.
  public synchronized long gets() {
    return gets;
  }

  private void change(Reference reference, Entry entry) {
    durable.putIfAbsent(reference, Optional.ofNullable(entries.put(reference, entry)));
    changed = true;
  }

  @Override
  public synchronized Optional<MemorySegment> get(Reference reference, MemorySegment target) {
    gets++;
    Entry entry = entries.get(reference);
    return entry == null
        ? Optional.empty()
        : Optional.of(
            target.asSlice(0, entry.block().length).copyFrom(MemorySegment.ofArray(entry.block())));
  }

  @Override
  public synchronized void put(Reference reference, MemorySegment block) {
    BlockSize.of(block);
    change(reference, new Entry(block.toArray(ValueLayout.JAVA_BYTE), sequence, false));
  }

  @Override
  public synchronized boolean contains(Reference reference) throws IOException {
    Entry entry = entries.get(reference);
    return entry != null && !entry.inTrash();
  }

  @Override
  public synchronized void sync() throws IOException {
    durable.clear();
    sequence += changed ? 1 : 0;
    changed = false;
  }

  @Override
  public void close() {}

  @Override
  public void forEach(Reference from, Visitor visitor) throws IOException {
    forEachDated(
        from,
        (reference, size, _, inTrash) -> {
          if (!inTrash) {
            visitor.visit(reference, size);
          }
        });
  }

  @Override
  public void forEachDated(Reference from, DatedVisitor visitor) throws IOException {
    Map.Entry<Reference, Entry> next = next(from, true);
    while (next != null) {
      Entry entry = next.getValue();
      BlockSize size = BlockSize.of(MemorySegment.ofArray(entry.block()));
      visitor.visit(next.getKey(), size, entry.sequence(), entry.inTrash());
      next = next(next.getKey(), false);
    }
  }

  private synchronized Map.@Nullable Entry<Reference, Entry> next(
      Reference from, boolean inclusive) {
    return inclusive ? entries.ceilingEntry(from) : entries.higherEntry(from);
  }

  @Override
  public synchronized Retention retention() {
    return retention;
  }

  @Override
  public synchronized void setRetention(Retention other) {
    retention = other;
  }

  @Override
  public synchronized long sequence() {
    return sequence;
  }

  @Override
  public synchronized boolean moveToTrash(Reference reference, long before) throws IOException {
    requireCollectable();
    Entry entry = entries.get(reference);
    if (entry == null || entry.inTrash() || entry.sequence() >= before) {
      return false;
    }
    change(reference, new Entry(entry.block(), sequence, true));
    return true;
  }

  @Override
  public synchronized boolean restore(Reference reference) throws IOException {
    Entry entry = entries.get(reference);
    if (entry != null && entry.inTrash()) {
      change(reference, new Entry(entry.block(), sequence, false));
    }
    return entry != null;
  }

  @Override
  public synchronized boolean free(Reference reference, long before) throws IOException {
    requireCollectable();
    Entry entry = entries.get(reference);
    if (entry == null || !entry.inTrash() || entry.sequence() >= before) {
      return false;
    }
    entries.remove(reference);
    durable.putIfAbsent(reference, Optional.of(entry));
    changed = true;
    return true;
  }

  private void requireCollectable() throws StoreException.ReadOnly {
    if (retention.mode() == Retention.Mode.ARCHIVE) {
      throw new StoreException.ReadOnly("memory:");
    }
  }

  @Override
  public synchronized byte[] metadata() throws IOException {
    return metadata.clone();
  }

  @Override
  public synchronized void setMetadata(byte[] document) throws IOException {
    metadata = document.clone();
    changed = true;
  }
}
