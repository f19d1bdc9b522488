package eris.stores;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.ReadCapability;
import eris.Reference;
import eris.store.BlockInventory;
import eris.store.BlockStore;
import eris.store.StoreException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The blocks of an archive file, to be read where they are (`cbor+file:`). Opening reads and
/// verifies the file once; what it remembers is where each block is.
public final class ArchiveStore implements BlockStore, BlockInventory {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final FileChannel file;
  private final NavigableMap<Reference, Place> places = new TreeMap<>();

  private record Place(long offsetBytes, BlockSize size) {}

  private ArchiveStore(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /// @throws MalformedArchive if the file is no whole archive
  public static ArchiveStore open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    boolean opened = false;
    try {
      var store = new ArchiveStore(path, file);
      store.readIndex();
      opened = true;
      return store;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  private void readIndex() throws IOException {
    InputStream in = new BufferedInputStream(Channels.newInputStream(file), BUFFER_BYTES);
    ArchiveReader.read(
        in,
        new ArchiveReader.Visitor() {
          @Override
          public void block(Reference reference, MemorySegment block, long offsetBytes) {
            places.put(reference, new Place(offsetBytes, BlockSize.of(block)));
          }

          @Override
          public void corrupt(CorruptBlock corrupt) {
            // not held
          }

          @Override
          public void capability(ReadCapability capability) {
            // not asked for
          }
        });
  }

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    requireOpen();
    Place place = places.get(reference);
    if (place == null) {
      return Optional.empty();
    }
    MemorySegment block = target.asSlice(0, place.size().bytes());
    ByteBuffer buffer = block.asByteBuffer();
    while (buffer.hasRemaining()) {
      if (file.read(buffer, place.offsetBytes() + buffer.position()) < 0) {
        throw new CorruptBlock(reference, "the archive was cut");
      }
    }
    return Optional.of(block);
  }

  @Override
  public boolean contains(Reference reference) throws IOException {
    requireOpen();
    return places.containsKey(reference);
  }

  @Override
  public void forEach(Reference from, Visitor visitor) throws IOException {
    requireOpen();
    for (Map.Entry<Reference, Place> held : places.tailMap(from, true).entrySet()) {
      visitor.visit(held.getKey(), held.getValue().size());
    }
  }

  /// Always fails: an archive is written as a whole.
  @Override
  public void put(Reference reference, MemorySegment block) throws StoreException.ReadOnly {
    throw new StoreException.ReadOnly("cbor+file:" + path);
  }

  /// Does nothing: there is nothing new.
  @Override
  public void sync() {}

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void requireOpen() throws ClosedChannelException {
    if (!file.isOpen()) {
      throw new ClosedChannelException();
    }
  }
}
