package eris.stores;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockBatch;
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
  /// What waits for a sync at most: as much as has to be hashed after a crash.
  private static final int MAX_PENDING_ENTRIES = 1 << 14;

  /// Blocks that are put without letting others in between.
  private static final int BATCH_COUNT = 256;

  private static final long MAX_PENDING_BYTES = 64L << 20;

  private final Device device;
  private final String name;
  private final RandomGenerator random;
  private final Geometry geometry;
  private final SlotMap map;
  private final VolumeSpace space;
  private final GroupSync groupSync = new GroupSync(this::commit);
  private final ReentrantLock writing = new ReentrantLock(); // guards all below
  private final WriterView view;
  private Journal journal;
  private int committed; // recent entries that are in the journal
  private long pendingBytes;
  private boolean flushWanted; // there is something that a flush would make durable
  private boolean slotsToFree; // a checkpoint would leave slots unused
  private boolean checkpointWanted;

  private VolumeWriter(
      Device device,
      String name,
      RandomGenerator random,
      SlotMap map,
      Generation generation,
      JournalReplay replay) {
    this.device = device;
    this.name = name;
    this.random = random;
    this.geometry = generation.superblock().geometry();
    this.map = map;
    this.space = new VolumeSpace(device, geometry, map);
    this.view = new WriterView(generation);
    this.journal =
        new Journal(
            device, JournalArea.of(generation.superblock().journal().area(), geometry), replay);
  }

  /// Opens a volume, whose lock the caller holds.
  static VolumeWriter open(Device device, String name, RandomGenerator random) throws IOException {
    Superblock superblock = Superblocks.load(device);
    JournalReplay replay = JournalReplay.of(device, superblock);
    Generation generation = new Generation(device, superblock, replay.entries());
    SlotMap map = VolumeSpace.readMap(device, superblock, replay);
    Superblocks.repair(device, superblock);
    var writer = new VolumeWriter(device, name, random, map, generation, replay);
    writer.recover(replay);
    return writer;
  }

  private void recover(JournalReplay replay) throws IOException {
    committed = generation().recent().count();
    slotsToFree = committed > 0;
    flushWanted = !journal.isFlushed();
    try {
      space.reservePages(entriesAtMost());
    } catch (IOException e) {
      if (!OsError.DISK_FULL.is(e)) { // else it can be read, and takes blocks once there is space
        throw e;
      }
    }
    if (replay.lostBlocks()) {
      checkpointWanted = true;
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

  // Putting and removing

  void put(Reference reference, MemorySegment block) throws IOException {
    BlockSize size = BlockSize.of(block);
    change(() -> putOne(reference, block, size));
  }

  void putAll(BlockBatch batch) throws IOException {
    for (int from = 0; from < batch.count(); from += BATCH_COUNT) {
      int first = from;
      int end = Math.min(from + BATCH_COUNT, batch.count());
      change(
          () -> {
            for (int i = first; i < end; i++) {
              putOne(batch.reference(i), batch.block(i), batch.blockSize());
            }
          });
    }
  }

  /// @return whether the block was held
  boolean remove(Reference reference) throws IOException {
    boolean[] held = {false};
    change(
        () -> {
          long where = find(reference);
          held[0] = where != Place.NOWHERE;
          if (held[0]) {
            enter(reference, Place.removed(where));
            slotsToFree = true;
          }
        });
    return held[0];
  }

  /// Makes the change, and where it finds no room makes it once more after a checkpoint, if that
  /// can free slots.
  private void change(WriterView.Change change) throws IOException {
    try {
      changeOnce(change);
    } catch (StoreException.Full e) {
      if (!requestCheckpoint()) {
        throw e;
      }
      sync();
      changeOnce(change);
    }
  }

  private void changeOnce(WriterView.Change change) throws IOException {
    while (!tryChange(change)) {
      sync();
    }
  }

  /// @return false if so much waits for a sync that there must be one first
  private boolean tryChange(WriterView.Change change) throws IOException {
    writing.lock();
    try {
      groupSync.requireSound();
      boolean overdue =
          generation().recent().count() - committed >= MAX_PENDING_ENTRIES
              || pendingBytes >= MAX_PENDING_BYTES;
      if (!overdue) {
        change.run();
      }
      return !overdue;
    } finally {
      writing.unlock();
    }
  }

  private boolean requestCheckpoint() {
    writing.lock();
    try {
      checkpointWanted |= slotsToFree;
      return slotsToFree;
    } finally {
      writing.unlock();
    }
  }

  private void putOne(Reference reference, MemorySegment block, BlockSize size) throws IOException {
    long where = find(reference);
    if (where != Place.NOWHERE) {
      if (holds(where, block)) {
        return;
      }
      slotsToFree = true;
    }
    add(reference, block, size);
  }

  private long find(Reference reference) throws IOException {
    long recent = generation().recent().find(reference);
    if (recent != Place.NOWHERE) {
      return Place.isRemoved(recent) ? Place.NOWHERE : recent;
    }
    return generation().index().find(reference);
  }

  /// A copy that cannot be read is as good as none.
  private boolean holds(long where, MemorySegment block) {
    Place place = Place.unpack(where);
    if (place.size().bytes() != block.byteSize()) {
      return false;
    }
    MemorySegment held = MemorySegment.ofArray(new byte[place.size().bytes()]);
    try {
      if (!view.buffer(place.size()).read(place, held)) {
        device.read(place.offset(), held);
      }
      return held.mismatch(block) < 0;
    } catch (IOException _) {
      return false;
    }
  }

  private void add(Reference reference, MemorySegment block, BlockSize size) throws IOException {
    SlotBuffer buffer = view.buffer(size);
    try {
      space.reservePages(entriesAtMost() + 1 + buffer.carried());
      if (buffer.isFull()) {
        drain(buffer);
        VolumeSpace.Slots slots =
            space.takeSlots(size, buffer.most(), generation().superblock().id());
        view.change(() -> buffer.moveTo(slots.kib(), slots.count()));
      }
    } catch (IOException e) {
      throw fullOr(e);
    }
    view.change(
        () -> {
          enterCarried(buffer);
          enter(reference, buffer.add(reference, block));
        });
    pendingBytes += size.bytes();
  }

  private long entriesAtMost() {
    return generation().index().entries() + generation().recent().count();
  }

  /// Blocks of a unit that an earlier sync left half empty move to a new one.
  private void enterCarried(SlotBuffer buffer) throws IOException {
    int carried = buffer.carried();
    buffer.settleCarried();
    for (int i = 0; i < carried; i++) {
      long recent = generation().recent().find(buffer.reference(i));
      if (recent != Place.NOWHERE && !Place.isRemoved(recent)) {
        enter(buffer.reference(i), buffer.where(i));
        slotsToFree = true;
      }
    }
  }

  private void enter(Reference reference, long where) throws IOException {
    if (!Place.isRemoved(where)) {
      map.use(Place.unpack(where));
    }
    view.change(() -> generation().recent().add(reference, where, journal.nextSequence()));
    flushWanted = true;
  }

  private void drain(SlotBuffer buffer) throws IOException {
    if (buffer.isPending()) {
      buffer.writeTo(device);
      view.change(buffer::advance);
    }
  }

  private IOException fullOr(IOException failure) {
    return OsError.DISK_FULL.is(failure) ? new StoreException.Full(name, failure) : failure;
  }

  // Making durable

  void sync() throws IOException {
    groupSync.sync();
  }

  /// One at a time: see [GroupSync].
  private void commit() throws IOException {
    long durable;
    writing.lock();
    try {
      if (!flushWanted && !checkpointWanted) {
        return;
      }
      drainAll();
      if (checkpointWanted || !hasRoomInJournal()) {
        checkpoint();
        return;
      }
      append();
      durable = journal.nextSequence();
      flushWanted = false;
    } finally {
      writing.unlock();
    }
    device.flush();
    journal.flushed(durable);
  }

  private void drainAll() throws IOException {
    try {
      for (SlotBuffer buffer : view.buffers()) {
        drain(buffer);
      }
    } catch (IOException e) {
      throw fullOr(e);
    }
  }

  private boolean hasRoomInJournal() {
    RecentEntries recent = generation().recent();
    return journal.fits(recent.count() - committed)
        && recent.count() + 2 * MAX_PENDING_ENTRIES <= RecentEntries.MAX_COUNT;
  }

  private void append() throws IOException {
    int count = generation().recent().count();
    if (count > committed) {
      journal.append(generation().recent(), committed, count, map.extents());
      committed = count;
      pendingBytes = 0;
    }
  }

  private void checkpoint() throws IOException {
    Superblock old = generation().superblock();
    int number = (int) (old.generation() + 1);
    Superblock.Run area = space.journalFor(entriesAtMost(), old.journal().area());
    long entries = generation().index().entries() + generation().recent().countHeld();
    var writer = new PagesWriter(device, geometry, space::takeForPages, number, entries);
    Superblock.PagesRoot pages =
        Checkpoint.write(generation().index(), generation().recent(), writer, map);
    if (pages.runs().size() > Superblock.MAX_RUNS) {
      throw new IOException("volume " + name + " is too fragmented for its index");
    }
    var journalRoot = new Superblock.JournalRoot(area, journal.nextSequence(), random.nextInt());
    var superblock =
        new Superblock(old.id(), old.generation() + 1, geometry, map.extents(), journalRoot, pages);
    device.flush();
    Superblocks.write(device, superblock);
    turnTo(superblock, old);
  }

  private void turnTo(Superblock superblock, Superblock old) throws IOException {
    view.turnTo(new Generation(device, superblock, new RecentEntries()));
    journal =
        new Journal(
            device, JournalArea.of(superblock.journal().area(), geometry), superblock.journal());
    committed = 0;
    pendingBytes = 0;
    flushWanted = false;
    slotsToFree = false;
    checkpointWanted = false;
    map.settle();
    space.turnTo(superblock, old);
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
      checkpointWanted = true;
    } finally {
      writing.unlock();
    }
    sync();
  }

  VolumeStat stat() throws IOException {
    writing.lock();
    try {
      return VolumeStat.of(generation(), space.freeExtents());
    } finally {
      writing.unlock();
    }
  }

  /// Says in the journal that all is durable, if so: then the next one to open hashes nothing.
  void close() throws IOException {
    writing.lock();
    try {
      groupSync.requireSound();
      boolean quiet = !flushWanted && journal.isFlushed();
      if (quiet && committed > 0 && journal.fits(0)) {
        journal.append(generation().recent(), committed, committed, map.extents());
      }
    } catch (IOException _) {
      // the next one to open hashes a little
    } finally {
      writing.unlock();
    }
  }
}
