package eris.stores;

import eris.BlockSize;
import eris.ErisException;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockInventory;
import eris.store.BlockStore;
import eris.store.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Blocks on a block device, in a partition or in a file, in the format of
/// `docs/formats/volume.md`. One process writes, any number read beside it; what a reader sees is
/// at least what was there when it opened.
///
/// After an error of the device a store takes no more blocks until it is opened anew; after
/// [StoreException.Full] it takes them again as soon as there is space.
public final class VolumeStore implements BlockStore, BlockInventory {
  private final VolumeHome home;
  private final VolumeView view;
  private final @Nullable VolumeWriter writer; // null: read-only

  /// Blocks that failed to be read, and so are not held whatever the index says.
  private final Set<Reference> unreadable = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  private VolumeStore(VolumeHome home, VolumeView view, @Nullable VolumeWriter writer) {
    this.home = home;
    this.view = view;
    this.writer = writer;
  }

  /// Makes `device` an empty volume of fixed size, whatever is there.
  public static void create(Device device, long sizeBytes, Clock clock, RandomGenerator random)
      throws IOException {
    VolumeFormat.fixed(sizeBytes, clock, random).writeTo(device);
  }

  /// Makes `device` an empty volume that grows, in extents of so many units of 4 KiB.
  public static void createGrowing(
      Device device, int extentUnits, Clock clock, RandomGenerator random) throws IOException {
    VolumeFormat.growing(new Geometry(extentUnits, true), clock, random).writeTo(device);
  }

  /// Makes index and map of the volume on `device` anew from the blocks alone.
  ///
  /// @return how many blocks were found
  public static long rebuild(Device device, RandomGenerator random) throws IOException {
    return VolumeRebuild.run(device, random);
  }

  /// Opens a volume for reading and writing; the caller keeps other writers away. The device is
  /// closed with the store.
  public static VolumeStore open(Device device, String name, RandomGenerator random)
      throws IOException {
    return open(VolumeHome.of(device, name), random);
  }

  /// Opens the volume in a file or on a block device for reading and writing. A file that is not
  /// there, or empty, becomes one that grows.
  ///
  /// @throws StoreException.Busy if another writer holds it longer than `writer` has patience
  /// @throws DamagedVolume if something else is there
  public static VolumeStore open(VolumePath path, Writer writer) throws IOException {
    return open(VolumeHome.forWriting(path, writer), new SecureRandom());
  }

  /// The same, but what is not there is not created.
  static VolumeStore openExisting(VolumePath path, Writer writer) throws IOException {
    return open(VolumeHome.forCreating(path, writer), new SecureRandom());
  }

  private static VolumeStore open(VolumeHome home, RandomGenerator random) throws IOException {
    boolean opened = false;
    try {
      VolumeWriter writer = VolumeWriter.open(home.device(), home.name(), random);
      opened = true;
      return new VolumeStore(home, writer.view(), writer);
    } catch (DamagedVolume e) {
      throw home.explained(e);
    } finally {
      if (!opened) {
        home.close();
      }
    }
  }

  /// Opens a volume for reading, and writes nothing at all. The device is closed with the store.
  public static VolumeStore openReadOnly(Device device, String name) throws IOException {
    return openReadOnly(VolumeHome.of(device, name));
  }

  /// Opens the volume in a file or on a block device for reading. Never waits for a writer.
  public static VolumeStore openReadOnly(VolumePath path) throws IOException {
    return openReadOnly(VolumeHome.forReading(path));
  }

  private static VolumeStore openReadOnly(VolumeHome home) throws IOException {
    boolean opened = false;
    try {
      VolumeReader reader = VolumeReader.open(home.device());
      opened = true;
      return new VolumeStore(home, reader, null);
    } catch (DamagedVolume e) {
      throw home.explained(e);
    } finally {
      if (!opened) {
        home.close();
      }
    }
  }

  /// Something to be read from one generation.
  @FunctionalInterface
  private interface Query<T> {
    T in(Generation generation) throws IOException;
  }

  /// Asks until nothing that was read can have been written over meanwhile.
  private <T> T ask(Query<T> query) throws IOException {
    requireOpen();
    while (true) {
      Generation generation = view.generation();
      try {
        T answer = query.in(generation);
        if (view.isCurrent(generation)) {
          return answer;
        }
      } catch (DamagedVolume | ErisException e) {
        if (view.isCurrent(generation)) {
          throw e;
        }
      }
    }
  }

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    return ask(generation -> get(generation, reference, target, BlockSize.MAX_BYTES));
  }

  /// A block of no more than `mostBytes`.
  private Optional<MemorySegment> get(
      Generation generation, Reference reference, MemorySegment target, int mostBytes)
      throws IOException {
    long where = find(generation, reference);
    Place place = where == Place.NOWHERE ? null : Place.unpack(where);
    if (place == null || place.size().bytes() > mostBytes) {
      return Optional.empty();
    }
    MemorySegment block = target.asSlice(0, place.size().bytes());
    read(generation, reference, place, block);
    return Optional.of(block);
  }

  private long find(Generation generation, Reference reference) throws IOException {
    long recent = view.findRecent(generation, reference);
    if (recent != Place.NOWHERE) {
      return Place.isRemoved(recent) ? Place.NOWHERE : recent;
    }
    return generation.index().find(reference);
  }

  private void read(Generation generation, Reference reference, Place place, MemorySegment block)
      throws IOException {
    if (view.readPending(place, block)) {
      return;
    }
    Geometry geometry = generation.superblock().geometry();
    if (!geometry.holds(place, VolumeLayout.MAX_EXTENTS)) {
      throw new DamagedVolume("an entry of the index names a place where no block can be");
    }
    try {
      home.device().read(place.offset(), block);
    } catch (EOFException _) {
      throw new DamagedVolume("an entry of the index names a place behind the end");
    } catch (IOException e) {
      if (!OsError.UNREADABLE.is(e)) {
        throw e;
      }
      unreadable.add(reference);
      throw new ErisException.CorruptBlock(reference, "unreadable: " + e.getMessage());
    }
  }

  @Override
  public BitSet getAll(BlockBatch batch) throws IOException {
    var held = new BitSet(batch.count());
    int wanted = batch.blockSize().bytes();
    for (int i = 0; i < batch.count(); i++) {
      Reference reference = batch.reference(i);
      MemorySegment target = batch.block(i);
      try {
        held.set(
            i,
            ask(generation -> get(generation, reference, target, wanted))
                .filter(block -> block.byteSize() == wanted)
                .isPresent());
      } catch (ErisException.CorruptBlock _) {
        // left out: `get` tells why
      }
    }
    return held;
  }

  @Override
  public boolean contains(Reference reference) throws IOException {
    boolean held = ask(generation -> find(generation, reference) != Place.NOWHERE);
    return held && !unreadable.contains(reference);
  }

  @Override
  public void forEach(Reference from, Visitor visitor) throws IOException {
    requireOpen();
    new VolumeWalk(view, from, visitor).run();
  }

  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    requireOpen();
    BlockSize.of(block);
    requireWriter().put(reference, block);
    unreadable.remove(reference);
  }

  @Override
  public void putAll(BlockBatch batch) throws IOException {
    requireOpen();
    requireWriter().putAll(batch);
    if (!unreadable.isEmpty()) {
      for (int i = 0; i < batch.count(); i++) {
        unreadable.remove(batch.reference(i));
      }
    }
  }

  /// Removes a block. Its space is used anew some time after a [#sync]; until it is, removing needs
  /// no space, so it works on a full volume.
  ///
  /// @return whether the block was held
  public boolean remove(Reference reference) throws IOException {
    requireOpen();
    return requireWriter().remove(reference);
  }

  @Override
  public void sync() throws IOException {
    requireOpen();
    if (writer != null) {
      writer.sync();
    }
  }

  /// What the volume holds at present, also what was not synced.
  public VolumeStat stat() throws IOException {
    requireOpen();
    return switch (view) {
      case VolumeReader reader -> reader.stat();
      case WriterView _ -> requireWriter().stat();
    };
  }

  /// Makes a volume larger, to `sizeBytes` or, without, to all that its device has.
  void growTo(OptionalLong sizeBytes) throws IOException {
    requireWriter().growTo(sizeBytes);
  }

  private VolumeWriter requireWriter() throws StoreException.ReadOnly {
    if (writer == null) {
      throw new StoreException.ReadOnly(home.name());
    }
    return writer;
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("store " + home.name() + " is closed");
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (home) {
      if (writer != null) {
        writer.close();
      }
    }
  }
}
