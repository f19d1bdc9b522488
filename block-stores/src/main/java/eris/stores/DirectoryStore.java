package eris.stores;

import eris.BlockSize;
import eris.ErisException;
import eris.Reference;
import eris.store.ScrubbableStore;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A store that keeps each block in a file of its own (`dir:`), for people who want to look at it,
/// copy it and mend it with what every system has. Layout: `docs/formats/directory-store.md`.
///
/// Any number of readers and writers, in any number of processes, use a directory at the same time.
/// A block of another writer is seen once it was synced.
public final class DirectoryStore implements ScrubbableStore {
  private final FileDevice files;
  private final String name;
  private final @Nullable DirectoryWriter writer; // null: read-only

  /// Blocks that failed to be read, and so are not held whatever the directory says.
  private final Set<Reference> unreadable = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  private DirectoryStore(FileDevice files, String name, @Nullable DirectoryWriter writer) {
    this.files = files;
    this.name = name;
    this.writer = writer;
  }

  /// Opens the store in `directory`, which is created if it does not exist.
  ///
  /// @throws StoreException.ReadOnly if the directory cannot be written to
  /// @throws IOException if something else is there, or a newer format
  public static DirectoryStore open(Path directory) throws IOException {
    String name = nameOf(directory);
    try {
      return open(LocalFiles.create(directory), name);
    } catch (IOException e) {
      throw translate(e, name);
    }
  }

  /// Opens the store on `files`, which messages call `name`.
  public static DirectoryStore open(FileDevice files, String name) throws IOException {
    try {
      return new DirectoryStore(files, name, DirectoryWriter.open(files, name));
    } catch (IOException e) {
      throw translate(e, name);
    }
  }

  /// Opens the store in `directory` for reading, and writes nothing at all.
  ///
  /// @throws IOException if there is no directory, or something else in it, or a newer format
  public static DirectoryStore openReadOnly(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException("no store at " + directory);
    }
    return openReadOnly(LocalFiles.below(directory), nameOf(directory));
  }

  /// Opens the store on `files` for reading. An empty device is an empty store.
  public static DirectoryStore openReadOnly(FileDevice files, String name) throws IOException {
    DirectoryLayout.isStore(files, name);
    return new DirectoryStore(files, name, null);
  }

  private static String nameOf(Path directory) {
    return "dir:" + directory;
  }

  private static IOException translate(IOException failure, String name) {
    if (OsError.DISK_FULL.is(failure)) {
      return new StoreException.Full(name, failure);
    }
    return OsError.READ_ONLY.is(failure) ? new StoreException.ReadOnly(name) : failure;
  }

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    requireOpen();
    OptionalLong size = read(reference, target);
    if (size.isEmpty()) {
      return Optional.empty();
    }
    if (BlockSize.ofBytes(size.getAsLong()).isEmpty()) {
      String detail = "holds %d bytes, want 1024 or 32768".formatted(size.getAsLong());
      throw new ErisException.CorruptBlock(reference, detail);
    }
    return Optional.of(target.asSlice(0, size.getAsLong()));
  }

  private OptionalLong read(Reference reference, MemorySegment target) throws IOException {
    try {
      Optional<String> pending = pendingFile(reference);
      OptionalLong size =
          pending.isPresent() ? files.read(pending.get(), target) : OptionalLong.empty();
      // A pending file that is gone has got its final name.
      return size.isPresent() ? size : files.read(DirectoryLayout.block(reference), target);
    } catch (IOException e) {
      if (OsError.UNREADABLE.is(e)) {
        unreadable.add(reference);
        throw new ErisException.CorruptBlock(reference, "unreadable: " + e.getMessage());
      }
      throw e;
    }
  }

  @Override
  public boolean contains(Reference reference) throws IOException {
    requireOpen();
    if (unreadable.contains(reference)) {
      return false;
    }
    if (pendingFile(reference).isPresent()) {
      return true;
    }
    OptionalLong size = files.size(DirectoryLayout.block(reference));
    return size.isPresent() && BlockSize.ofBytes(size.getAsLong()).isPresent();
  }

  private Optional<String> pendingFile(Reference reference) {
    return writer == null ? Optional.empty() : writer.pendingFile(reference);
  }

  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    requireOpen();
    BlockSize.of(block);
    if (writer == null) {
      throw new StoreException.ReadOnly(name);
    }
    writer.put(reference, block);
    unreadable.remove(reference);
  }

  @Override
  public void forEach(Reference from, Visitor visitor) throws IOException {
    forEachCopy(from, Copies.held(visitor));
  }

  /// A shard at a time: what comes later is seen if its shard does.
  @Override
  public void forEachCopy(Reference from, CopyVisitor visitor) throws IOException {
    requireOpen();
    Map<String, List<Reference>> outside =
        outsideShards().stream().collect(Collectors.groupingBy(DirectoryLayout::shard));
    List<String> shards = DirectoryLayout.shards();
    int first = shards.indexOf(DirectoryLayout.shard(from));
    for (String shard : shards.subList(first, shards.size())) {
      SortedSet<Reference> references = DirectoryLayout.references(files.list(shard));
      references.addAll(outside.getOrDefault(shard, List.of()));
      for (Reference reference : references.tailSet(from)) {
        visit(reference, visitor);
      }
    }
  }

  private SortedSet<Reference> outsideShards() throws IOException {
    SortedSet<Reference> references =
        DirectoryLayout.references(files.list(DirectoryLayout.SET_ASIDE));
    if (writer != null) {
      references.addAll(writer.pending());
    }
    return references;
  }

  private void visit(Reference reference, CopyVisitor visitor) throws IOException {
    OptionalLong size = size(reference);
    if (size.isPresent()) {
      visitor.visit(reference, size.getAsLong());
    } else if (files.size(DirectoryLayout.setAside(reference)).isPresent()) {
      visitor.visit(reference, 0);
    }
  }

  private OptionalLong size(Reference reference) throws IOException {
    Optional<String> pending = pendingFile(reference);
    OptionalLong size = pending.isPresent() ? files.size(pending.get()) : OptionalLong.empty();
    return size.isPresent() ? size : files.size(DirectoryLayout.block(reference));
  }

  @Override
  public String placeOf(Reference reference) {
    return "file %s in %s".formatted(DirectoryLayout.block(reference), name);
  }

  @Override
  public void setAside(Reference reference) throws IOException {
    requireOpen();
    if (writer == null) {
      throw new StoreException.ReadOnly(name);
    }
    writer.setAside(reference);
  }

  @Override
  public void sync() throws IOException {
    requireOpen();
    if (writer != null) {
      writer.sync();
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed && writer != null) {
      writer.close();
    }
    closed = true;
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("store " + name + " is closed");
    }
  }
}
