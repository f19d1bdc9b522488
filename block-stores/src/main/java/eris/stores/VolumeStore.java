package eris.stores;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.CollectableStore;
import eris.store.Retention;
import eris.store.ScrubbableStore;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Blocks on a block device, in a partition or in a file, in the format of
/// `docs/formats/volume.md`. One process writes, any number read beside it; what a reader sees is
/// at least what was there when it opened.
///
/// After an error of the device a store takes no more blocks until it is opened anew; after
/// [StoreException.Full] it takes them again as soon as there is space.
public final class VolumeStore implements ScrubbableStore, CollectableStore {
  private final VolumeHome home;
  private final VolumeView view;
  private final VolumeBlocks blocks;
  private final @Nullable VolumeWriter writer; // null: read-only
  private volatile boolean closed;

  private VolumeStore(VolumeHome home, VolumeView view, @Nullable VolumeWriter writer) {
    this.home = home;
    this.view = view;
    this.blocks = new VolumeBlocks(home.device(), view);
    this.writer = writer;
  }

  /// Makes `device` an empty volume of fixed size, whatever is there.
  public static void create(
      Device device, long sizeBytes, Retention retention, Clock clock, RandomGenerator random)
      throws IOException {
    VolumeFormat.fixed(sizeBytes, clock, random).with(retention).writeTo(device);
  }

  /// Makes `device` an empty volume that grows, in extents of so many units of 4 KiB.
  public static void createGrowing(
      Device device, int extentUnits, Retention retention, Clock clock, RandomGenerator random)
      throws IOException {
    VolumeFormat.growing(new Geometry(extentUnits, true), clock, random)
        .with(retention)
        .writeTo(device);
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

  // Blocks

  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    requireOpen();
    if (writer != null) {
      writer.noteAskedFor(reference);
    }
    return blocks.get(reference, target);
  }

  @Override
  public BitSet getAll(BlockBatch batch) throws IOException {
    requireOpen();
    if (writer != null) {
      for (int i = 0; i < batch.count(); i++) {
        writer.noteAskedFor(batch.reference(i));
      }
    }
    return blocks.getAll(batch);
  }

  @Override
  public boolean contains(Reference reference) throws IOException {
    requireOpen();
    return blocks.contains(reference);
  }

  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    requireOpen();
    BlockSize.of(block);
    requireWriter().put(reference, block);
    blocks.forgetFailure(reference);
  }

  @Override
  public void putAll(BlockBatch batch) throws IOException {
    requireOpen();
    requireWriter().putAll(batch);
    for (int i = 0; i < batch.count(); i++) {
      blocks.forgetFailure(batch.reference(i));
    }
  }

  @Override
  public void sync() throws IOException {
    requireOpen();
    if (writer != null) {
      writer.sync();
    }
  }

  // Inventory

  private void walk(Reference from, VolumeIndex.Visitor visitor) throws IOException {
    requireOpen();
    new VolumeWalk(view, from, visitor).run();
  }

  @Override
  public void forEach(Reference from, Visitor visitor) throws IOException {
    walk(
        from,
        (reference, where, _) -> {
          if (Place.isHeld(where)) {
            visitor.visit(reference, Place.size(where));
          }
        });
  }

  /// The trash is among them.
  @Override
  public void forEachCopy(Reference from, CopyVisitor visitor) throws IOException {
    walk(
        from,
        (reference, where, _) ->
            visitor.visit(reference, Place.isSetAside(where) ? 0 : Place.size(where).bytes()));
  }

  @Override
  public void forEachDated(Reference from, DatedVisitor visitor) throws IOException {
    walk(
        from,
        (reference, where, sequence) -> {
          if (!Place.isSetAside(where)) {
            visitor.visit(reference, Place.size(where), sequence, Place.isInTrash(where));
          }
        });
  }

  // Care

  /// Verifies every copy, those in the trash too.
  ///
  /// @param maxSlots to take at a time
  CopyScan scan(int maxSlots) throws IOException {
    requireOpen();
    return new VolumeScan(home.device(), view, this, maxSlots);
  }

  @Override
  public String placeOf(Reference reference) {
    return blocks
        .placeOf(reference)
        .map(place -> "the slot at byte %d of store %s".formatted(place.offset(), home.name()))
        .orElse("store " + home.name());
  }

  @Override
  public void setAside(Reference reference) throws IOException {
    requireOpen();
    requireWriter()
        .change(
            changes -> {
              changes.setAside(reference);
              return true;
            });
    sync();
  }

  /// The volume's own name, which it keeps wherever it is copied to.
  public UUID id() {
    return view.generation().superblock().id();
  }

  // Retention

  @Override
  public Retention retention() {
    return view.generation().superblock().settings().retention();
  }

  @Override
  public void setRetention(Retention retention) throws IOException {
    requireOpen();
    requireWriter().setRetention(retention);
  }

  @Override
  public long sequence() {
    return view.sequence();
  }

  @Override
  public boolean moveToTrash(Reference reference, long before) throws IOException {
    requireOpen();
    return requireWriter().change(changes -> changes.moveToTrash(reference, before));
  }

  @Override
  public boolean restore(Reference reference) throws IOException {
    requireOpen();
    return requireWriter().change(changes -> changes.restore(reference));
  }

  /// The space of the block is used anew some time after a [#sync]; until it is, freeing needs no
  /// space, so it works on a full volume.
  @Override
  public boolean free(Reference reference, long before) throws IOException {
    requireOpen();
    return requireWriter().change(changes -> changes.free(reference, before));
  }

  @Override
  public byte[] metadata() throws IOException {
    requireOpen();
    return blocks.document();
  }

  /// @throws IllegalArgumentException if it has more than 16 MiB
  @Override
  public void setMetadata(byte[] metadata) throws IOException {
    requireOpen();
    if (metadata.length > VolumeDocument.MAX_BYTES) {
      throw new IllegalArgumentException("a document of " + metadata.length + " bytes");
    }
    requireWriter().setDocument(metadata);
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
