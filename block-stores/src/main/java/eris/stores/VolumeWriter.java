package eris.stores;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.Retention;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// The one writer of a volume.
///
/// Blocks gather in buffers and go to their slots many at once; a sync appends to the journal what
/// they are and flushes, once for all who wait. When the journal is full, a sync makes a checkpoint
/// instead. `writing` is held for as long as blocks are written, never while a record is flushed.
/// What readers see meanwhile is a [WriterView].
final class VolumeWriter {
  /// Blocks that are put without letting others in between.
  private static final int BATCH_COUNT = 256;

  private final Device device;
  private final String name;
  private final Geometry geometry;
  private final SlotMap map;
  private final VolumeSpace space;
  private final GroupSync groupSync = new GroupSync(this::commit);
  private final ReentrantLock writing = new ReentrantLock(); // guards all but the view
  private final WriterView view;
  private final VolumeChanges changes;
  private final VolumeCommits commits;

  private VolumeWriter(
      Device device,
      String name,
      RandomGenerator random,
      SlotMap map,
      Generation generation,
      JournalReplay replay)
      throws IOException {
    this.device = device;
    this.name = name;
    this.geometry = generation.superblock().geometry();
    this.map = map;
    this.space = new VolumeSpace(device, geometry, map);
    this.view = new WriterView(generation, replay.nextSequence());
    this.changes = new VolumeChanges(device, name, map, space, view, replay.counts());
    this.commits = new VolumeCommits(device, name, random, map, space, view, changes, replay);
  }

  /// Opens a volume, whose lock the caller holds.
  static VolumeWriter open(Device device, String name, RandomGenerator random) throws IOException {
    Superblock superblock = Superblocks.load(device);
    JournalReplay replay = JournalReplay.of(device, superblock);
    Generation generation = new Generation(device, superblock, replay.entries());
    SlotMap map = VolumeSpace.readMap(device, superblock, replay);
    Superblocks.repair(device, superblock);
    VolumeDocument.repair(device, superblock);
    replay.repair();
    var writer = new VolumeWriter(device, name, random, map, generation, replay);
    writer.recover();
    return writer;
  }

  private void recover() throws IOException {
    try {
      if (changes.counts().all() > 0) {
        space.reservePages(changes.counts().all());
      }
    } catch (IOException e) {
      if (!OsError.DISK_FULL.is(e)) { // else it can be read, and takes blocks once there is space
        throw e;
      }
    }
    if (commits.isCheckpointWanted()) {
      sync();
    }
  }

  /// What readers see.
  WriterView view() {
    return view;
  }

  private Generation generation() {
    return view.generation();
  }

  // Changing blocks

  /// What is done to blocks, while nobody else does anything.
  @FunctionalInterface
  interface Action {
    boolean run(VolumeChanges changes) throws IOException;
  }

  void put(Reference reference, MemorySegment block) throws IOException {
    BlockSize size = BlockSize.of(block);
    change(
        changes -> {
          changes.put(reference, block, size);
          return true;
        });
  }

  void putAll(BlockBatch batch) throws IOException {
    for (int from = 0; from < batch.count(); from += BATCH_COUNT) {
      int first = from;
      int end = Math.min(from + BATCH_COUNT, batch.count());
      change(
          changes -> {
            for (int i = first; i < end; i++) {
              changes.put(batch.reference(i), batch.block(i), batch.blockSize());
            }
            return true;
          });
    }
  }

  /// Does it, and where there is no room does it once more after making some, if that can be.
  boolean change(Action action) throws IOException {
    for (int tries = 0; true; tries++) {
      Generation tried = generation();
      try {
        return changeOnce(action);
      } catch (StoreException.Full e) {
        if (!makeRoom(tried, tries, VolumeChanges.isOfQuota(e))) {
          throw e;
        }
      }
    }
  }

  private boolean changeOnce(Action action) throws IOException {
    while (true) {
      writing.lock();
      try {
        groupSync.requireSound();
        if (!commits.isOverdue()) {
          return action.run(changes);
        }
      } finally {
        writing.unlock();
      }
      sync();
    }
  }

  /// Frees slots by a checkpoint, if there are any to be freed; a cache also evicts blocks, more
  /// with each try.
  ///
  /// @param tried the generation that had no room: in another one there may be some
  /// @param ofQuota no room in the quota, whatever the device has
  /// @return whether to try again
  private boolean makeRoom(Generation tried, int tries, boolean ofQuota) throws IOException {
    writing.lock();
    try {
      if (generation() == tried) {
        if (!ofQuota && changes.haveSlotsToFree()) {
          commits.wantCheckpoint();
        } else if (commits.isCache() && changes.counts().all() > 0) {
          commits.wantEviction(tries + 1);
        } else {
          return false;
        }
      }
    } finally {
      writing.unlock();
    }
    sync();
    return true;
  }

  /// Takes note that somebody asked for a block.
  void noteAskedFor(Reference reference) {
    commits.noteAskedFor(reference);
  }

  // Making durable

  void sync() throws IOException {
    groupSync.sync();
  }

  /// One at a time: see [GroupSync].
  private void commit() throws IOException {
    OptionalLong written;
    writing.lock();
    try {
      written = commits.write();
    } finally {
      writing.unlock();
    }
    if (written.isPresent()) {
      device.flush();
      commits.flushed(written.getAsLong());
    }
  }

  // Settings

  synchronized void setRetention(Retention retention) throws IOException {
    settle(settings().with(retention));
  }

  /// Both copies are replaced, the second once the superblock vouches for the first.
  synchronized void setDocument(byte[] content) throws IOException {
    VolumeSettings.Document old = settings().document();
    boolean fits = VolumeDocument.fits(content.length, old.area(), geometry);
    Superblock.Run area = fits ? old.area() : takeForDocument(content.length);
    boolean settled = false;
    try {
      int first = fits ? VolumeDocument.expendableCopy(device, generation().superblock()) : 0;
      VolumeDocument.write(device, area, geometry, first, content);
      flush(); // there may be no new superblock: the present one may say the same
      int checksum = VolumeDocument.checksum(content);
      settle(settings().with(new VolumeSettings.Document(area, content.length, checksum)));
      settled = true;
      VolumeDocument.write(device, area, geometry, 1 - first, content);
      flush();
    } finally {
      if (!settled && !fits) {
        release(area);
      }
    }
  }

  /// Flushes outside a sync. If that fails, nobody knows what is durable, and there is no sync any
  /// more.
  private void flush() throws IOException {
    boolean flushed = false;
    try {
      device.flush();
      flushed = true;
    } finally {
      if (!flushed) {
        groupSync.fail();
      }
    }
  }

  private VolumeSettings settings() {
    return generation().superblock().settings();
  }

  /// A larger area may be where the map on the device knows no extents: so there is a new one.
  private Superblock.Run takeForDocument(int sizeBytes) throws IOException {
    writing.lock();
    try {
      groupSync.requireSound();
      space.reservePages(changes.counts().all());
      commits.wantCheckpoint();
      return space.takeForDocument(VolumeDocument.extentsFor(sizeBytes, geometry));
    } catch (IOException e) {
      throw changes.fullOr(e);
    } finally {
      writing.unlock();
    }
  }

  private void release(Superblock.Run area) {
    writing.lock();
    try {
      space.release(area);
    } finally {
      writing.unlock();
    }
  }

  private void settle(VolumeSettings wanted) throws IOException {
    want(wanted);
    try {
      sync();
    } finally {
      want(settings()); // the same, unless it failed
    }
  }

  private void want(VolumeSettings wanted) {
    writing.lock();
    try {
      commits.wantSettings(wanted);
    } finally {
      writing.unlock();
    }
  }

  // Care

  /// Makes a volume larger that does not grow by itself, to `sizeBytes` or, without, to all that its
  /// device has.
  void growTo(OptionalLong sizeBytes) throws IOException {
    if (geometry.growable() && device.grows()) {
      throw new IOException("volume " + name + " grows by itself");
    }
    long size = sizeBytes.orElse(device.size());
    int extents = geometry.extentsIn(size);
    if (extents <= map.extents()) {
      throw new IOException(
          "volume %s has %d bytes already".formatted(name, map.extents() * geometry.extentBytes()));
    }
    if (device.grows()) {
      long end = map.extents() * geometry.extentBytes();
      device.reserve(end, extents * geometry.extentBytes() - end);
    }
    growTo(extents);
  }

  private void growTo(int extents) throws IOException {
    writing.lock();
    try {
      map.growTo(extents);
      commits.wantCheckpoint();
    } finally {
      writing.unlock();
    }
    sync();
  }

  VolumeStat stat() throws IOException {
    writing.lock();
    try {
      return VolumeStat.of(generation().superblock(), changes.counts(), space.freeExtents());
    } finally {
      writing.unlock();
    }
  }

  /// Says in the journal that all is durable, if so: then the next one to open hashes nothing.
  void close() throws IOException {
    writing.lock();
    try {
      groupSync.requireSound();
      commits.writeLast();
    } catch (IOException _) {
      // the next one to open hashes a little
    } finally {
      writing.unlock();
    }
  }
}
