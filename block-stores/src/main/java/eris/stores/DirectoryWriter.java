package eris.stores;

import eris.BlockSize;
import eris.Reference;
import eris.store.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// The writing half of a [DirectoryStore].
///
/// A block waits in the writer's own directory until it is synced, and gets its final name when its
/// bytes are durable. So whatever has a final name is whole. Its name, though, is durable only when
/// its directory was flushed, and whoever gave the name may have died before: so a block found in
/// place has its directory flushed too, before it is acknowledged.
final class DirectoryWriter implements Closeable {
  /// Blocks that wait, at most: 32 MiB.
  static final int MAX_PENDING = 1024;

  private final FileDevice files;
  private final String store;
  private final WriterDirectory directory;
  private final GroupSync groupSync = new GroupSync(this::flush);

  /// The files of blocks without a final name.
  private final Map<Reference, String> pending = new ConcurrentHashMap<>();

  /// Directories, mostly shards, where a name may not be durable.
  private final Set<String> touchedDirectories = ConcurrentHashMap.newKeySet();

  /// Those whose own name is.
  private final Set<String> durableDirectories = ConcurrentHashMap.newKeySet();

  private DirectoryWriter(FileDevice files, String store, WriterDirectory directory) {
    this.files = files;
    this.store = store;
    this.directory = directory;
  }

  /// Starts to write to the store, which is created if need be.
  static DirectoryWriter open(FileDevice files, String store) throws IOException {
    boolean exists = DirectoryLayout.isStore(files, store);
    var writer = new DirectoryWriter(files, store, WriterDirectory.open(files));
    try {
      if (!exists) {
        writer.writeFormat();
      }
      files.flush(List.of(DirectoryLayout.ROOT)); // also for a FORMAT of a writer that died
      return writer;
    } catch (IOException e) {
      writer.close();
      throw e;
    }
  }

  private void writeFormat() throws IOException {
    String file = directory.write(DirectoryLayout.formatText());
    files.flush(List.of(file));
    files.rename(file, DirectoryLayout.FORMAT);
  }

  /// The file of a block that waits for [#sync].
  Optional<String> pendingFile(Reference reference) {
    return Optional.ofNullable(pending.get(reference));
  }

  /// The blocks that wait for [#sync].
  SortedSet<Reference> pending() {
    return new TreeSet<>(pending.keySet());
  }

  /// Moves the file of a block away unless it is sound. Another writer may heal it at the same time,
  /// so it is looked at again when nobody can replace it any more; and one that a crash left there
  /// comes back.
  void setAside(Reference reference) throws IOException {
    groupSync.requireSound();
    String place = DirectoryLayout.block(reference);
    String aside = DirectoryLayout.setAside(reference);
    if (isSound(place, reference)) {
      files.delete(aside); // healed
      return;
    }
    try {
      files.createDirectory(DirectoryLayout.shard(reference));
      files.createDirectory(DirectoryLayout.SET_ASIDE);
      if (files.size(place).isPresent()) {
        files.rename(place, aside);
      }
      if (isSound(aside, reference)) {
        files.rename(aside, place);
      }
    } catch (IOException e) {
      throw fullOr(e);
    }
    touchedDirectories.addAll(List.of(DirectoryLayout.shard(reference), DirectoryLayout.SET_ASIDE));
    sync();
  }

  private boolean isSound(String file, Reference reference) throws IOException {
    MemorySegment held = MemorySegment.ofArray(new byte[BlockSize.MAX_BYTES]);
    try {
      OptionalLong size = files.read(file, held);
      return size.isPresent()
          && BlockSize.ofBytes(size.getAsLong()).isPresent()
          && Reference.of(held.asSlice(0, size.getAsLong())).equals(reference);
    } catch (IOException e) {
      if (OsError.UNREADABLE.is(e)) {
        return false;
      }
      throw e;
    }
  }

  void put(Reference reference, MemorySegment block) throws IOException {
    groupSync.requireSound();
    if (pending.containsKey(reference)) {
      return;
    }
    if (isInPlace(reference, block)) {
      touchedDirectories.add(DirectoryLayout.shard(reference));
    } else {
      writePending(reference, block);
    }
    if (pending.size() >= MAX_PENDING) {
      sync();
    }
  }

  private boolean isInPlace(Reference reference, MemorySegment block) {
    String path = DirectoryLayout.block(reference);
    try {
      OptionalLong size = files.size(path);
      if (size.isEmpty() || size.getAsLong() != block.byteSize()) {
        return false;
      }
      MemorySegment held = MemorySegment.ofArray(new byte[(int) block.byteSize()]);
      OptionalLong read = files.read(path, held);
      return read.equals(size) && held.mismatch(block) == -1;
    } catch (IOException _) {
      return false; // what cannot be read is replaced
    }
  }

  private void writePending(Reference reference, MemorySegment block) throws IOException {
    try {
      String shard = DirectoryLayout.shard(reference);
      if (!durableDirectories.contains(shard)) {
        files.createDirectory(shard);
      }
      String file = directory.write(block);
      if (pending.putIfAbsent(reference, file) != null) {
        directory.discard(file); // another thread was faster
      }
    } catch (IOException e) {
      throw fullOr(e);
    }
  }

  /// Returns once all blocks that were put before the call are durable.
  void sync() throws IOException {
    groupSync.sync();
  }

  private void flush() throws IOException {
    SortedMap<Reference, String> blocks = new TreeMap<>(pending);
    Set<String> shards = new TreeSet<>(touchedDirectories);
    touchedDirectories.removeAll(shards);
    blocks.keySet().forEach(reference -> shards.add(DirectoryLayout.shard(reference)));
    boolean flushed = false;
    try {
      files.flush(blocks.values());
      flushNamesOf(shards);
      for (var block : blocks.entrySet()) {
        publish(block.getKey(), block.getValue());
      }
      files.flush(shards);
      flushed = true;
    } finally {
      if (!flushed) {
        touchedDirectories.addAll(shards);
      }
    }
  }

  private void flushNamesOf(Set<String> shards) throws IOException {
    if (!durableDirectories.containsAll(shards)) {
      files.flush(List.of(DirectoryLayout.ROOT));
      durableDirectories.addAll(shards);
    }
  }

  private void publish(Reference reference, String file) throws IOException {
    try {
      files.rename(file, DirectoryLayout.block(reference));
      pending.remove(reference);
    } catch (IOException e) {
      throw fullOr(e);
    }
  }

  private IOException fullOr(IOException failure) {
    return OsError.DISK_FULL.is(failure) ? new StoreException.Full(store, failure) : failure;
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
