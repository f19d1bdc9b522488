package eris.stores;

import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Reads the blocks of a volume, beside whoever writes. Safe for concurrent use.
final class VolumeBlocks {
  private static final int INDEX_BITS = 23; // of a batch, beside 40 of a place

  private final Device device;
  private final VolumeView view;

  /// Blocks that failed to be read, and so are not held whatever the index says.
  private final Set<Reference> unreadable = ConcurrentHashMap.newKeySet();

  VolumeBlocks(Device device, VolumeView view) {
    this.device = device;
    this.view = view;
  }

  /// Something to be read from one generation.
  @FunctionalInterface
  private interface Query<T> {
    T in(Generation generation) throws IOException;
  }

  /// Asks until nothing that was read can have been written over meanwhile.
  private <T> T ask(Query<T> query) throws IOException {
    while (true) {
      Generation generation = view.generation();
      try {
        T answer = query.in(generation);
        if (view.isCurrent(generation)) {
          return answer;
        }
      } catch (DamagedVolume | CorruptBlock e) {
        if (view.isCurrent(generation)) {
          throw e;
        }
      }
    }
  }

  /// A block that is held or in the trash.
  Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    return ask(generation -> get(generation, reference, target));
  }

  private Optional<MemorySegment> get(
      Generation generation, Reference reference, MemorySegment target) throws IOException {
    Entry entry = find(generation, reference);
    if (!entry.isPresent()) {
      return Optional.empty();
    }
    if (entry.isSetAside()) {
      throw new CorruptBlock(reference, "was bad and is set aside");
    }
    MemorySegment block = target.asSlice(0, entry.sizeBytes());
    read(generation, reference, entry.place(), block);
    return Optional.of(block);
  }

  private Entry find(Generation generation, Reference reference) throws IOException {
    Entry recent = view.findRecent(generation, reference);
    return recent.where() == Place.NOWHERE ? generation.index().find(reference) : recent;
  }

  private void read(Generation generation, Reference reference, Place place, MemorySegment block)
      throws IOException {
    if (view.readPending(place, block)) {
      return;
    }
    requirePossible(generation, place);
    try {
      device.read(place.offset(), block);
    } catch (EOFException _) {
      throw new DamagedVolume("an entry of the index names a place behind the end");
    } catch (IOException e) {
      if (!OsError.UNREADABLE.is(e)) {
        throw e;
      }
      unreadable.add(reference);
      throw new CorruptBlock(reference, "unreadable: " + e.getMessage());
    }
  }

  private static void requirePossible(Generation generation, Place place) throws DamagedVolume {
    if (!generation.superblock().geometry().holds(place, VolumeLayout.MAX_EXTENTS)) {
      throw new DamagedVolume("an entry of the index names a place where no block can be");
    }
  }

  /// Those blocks of a batch that are held or in the trash.
  BitSet getAll(BlockBatch batch) throws IOException {
    return ask(generation -> getAll(generation, batch));
  }

  /// First where all of them are, then block after block as they lie on the device.
  private BitSet getAll(Generation generation, BlockBatch batch) throws IOException {
    var read = new BitSet(batch.count());
    long[] places = places(generation, batch);
    for (long place : places) {
      int index = (int) place & (1 << INDEX_BITS) - 1;
      try {
        read(
            generation,
            batch.reference(index),
            new Place(place >>> INDEX_BITS, batch.blockSize()),
            batch.block(index));
        read.set(index);
      } catch (CorruptBlock _) {
        // left out: `get` tells why
      }
    }
    return read;
  }

  /// Places in KiB and, below them, which block of the batch is there; in ascending order.
  private long[] places(Generation generation, BlockBatch batch) throws IOException {
    assert batch.count() <= 1 << INDEX_BITS;
    long[] places = new long[batch.count()];
    int found = 0;
    try (VolumeIndex.Lookup index = generation.index().lookup()) {
      for (int i = 0; i < batch.count(); i++) {
        Reference reference = batch.reference(i);
        Entry recent = view.findRecent(generation, reference);
        Entry entry = recent.where() == Place.NOWHERE ? index.find(reference) : recent;
        if (entry.sizeBytes() == batch.blockSize().bytes() && !entry.isSetAside()) {
          requirePossible(generation, entry.place());
          places[found++] = entry.place().kib() << INDEX_BITS | i;
        }
      }
    }
    Arrays.sort(places, 0, found);
    return Arrays.copyOf(places, found);
  }

  boolean contains(Reference reference) throws IOException {
    return ask(generation -> find(generation, reference).isHeld())
        && !unreadable.contains(reference);
  }

  /// The block was put anew.
  void forgetFailure(Reference reference) {
    if (!unreadable.isEmpty()) {
      unreadable.remove(reference);
    }
  }

  /// Where a block is or was set aside, if that can be told.
  Optional<Place> placeOf(Reference reference) {
    try {
      Entry entry = ask(generation -> find(generation, reference));
      return entry.isPresent() ? Optional.of(entry.place()) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  byte[] document() throws IOException {
    return ask(generation -> VolumeDocument.read(device, generation.superblock()));
  }
}
