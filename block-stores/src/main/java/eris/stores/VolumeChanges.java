package eris.stores;

import eris.BlockSize;
import eris.Reference;
import eris.store.Retention;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// What a writer does to single blocks: it gives them slots, and enters what became of them. Nothing
/// is durable before the next record of the journal is.
///
/// Guarded by the lock of the [VolumeWriter].
final class VolumeChanges {
  private final Device device;
  private final String name;
  private final SlotMap map;
  private final VolumeSpace space;
  private final WriterView view;
  private BlockCounts counts;
  private long pendingBytes; // blocks that a crash would make somebody hash
  private boolean slotsToFree; // a checkpoint would leave slots unused
  private boolean pending; // there are entries that no record has

  /// Why a store is full whose device is not.
  private static final class QuotaReached extends IOException {
    private static final long serialVersionUID = 1;

    QuotaReached(long quotaBytes) {
      super("the quota is %d bytes".formatted(quotaBytes));
    }
  }

  VolumeChanges(
      Device device,
      String name,
      SlotMap map,
      VolumeSpace space,
      WriterView view,
      BlockCounts counts) {
    this.device = device;
    this.name = name;
    this.map = map;
    this.space = space;
    this.view = view;
    this.counts = counts;
  }

  /// Of all entries, also those that no record has yet.
  BlockCounts counts() {
    return counts;
  }

  long pendingBytes() {
    return pendingBytes;
  }

  boolean arePending() {
    return pending;
  }

  boolean haveSlotsToFree() {
    return slotsToFree;
  }

  /// Takes note that slots of an earlier session wait for a checkpoint.
  void expectSlotsToFree() {
    slotsToFree = true;
  }

  /// Whether a put failed because of the quota alone.
  static boolean isOfQuota(StoreException.Full failure) {
    return failure.getCause() instanceof QuotaReached;
  }

  IOException fullOr(IOException failure) {
    return OsError.DISK_FULL.is(failure) ? new StoreException.Full(name, failure) : failure;
  }

  private Generation generation() {
    return view.generation();
  }

  private Retention retention() {
    return generation().superblock().settings().retention();
  }

  private Entry find(Reference reference) throws IOException {
    Entry recent = generation().recent().find(reference);
    return recent.where() == Place.NOWHERE ? generation().index().find(reference) : recent;
  }

  // Putting

  /// Where nothing is ever removed, nobody needs to know when a block was put again.
  void put(Reference reference, MemorySegment block, BlockSize size) throws IOException {
    Entry entry = find(reference);
    boolean sound = (entry.isHeld() || entry.isInTrash()) && holds(entry.place(), block);
    if (!sound) {
      requireQuota(size.bytes() - entry.sizeBytes());
      add(reference, entry, block, size);
    } else if (entry.isInTrash()
        || retention().mode() != Retention.Mode.ARCHIVE && entry.sequence() < view.sequence()) {
      renew(reference, entry);
    }
  }

  private void requireQuota(long moreBytes) throws StoreException.Full {
    long quota = retention().quotaBytes().orElse(Long.MAX_VALUE);
    if (moreBytes > 0 && counts.bytes() > quota - moreBytes) {
      throw new StoreException.Full(name, new QuotaReached(quota));
    }
  }

  private void renew(Reference reference, Entry entry) throws IOException {
    enter(reference, entry, Place.held(entry.where()));
    pendingBytes += entry.sizeBytes();
  }

  /// A copy that cannot be read is as good as none.
  private boolean holds(Place place, MemorySegment block) {
    if (place.size().bytes() != block.byteSize()) {
      return false;
    }
    MemorySegment held = MemorySegment.ofArray(new byte[place.size().bytes()]);
    try {
      read(place, held);
      return held.mismatch(block) < 0;
    } catch (IOException _) {
      return false;
    }
  }

  private void read(Place place, MemorySegment target) throws IOException {
    if (!view.buffer(place.size()).read(place, target)) {
      device.read(place.offset(), target);
    }
  }

  private void add(Reference reference, Entry before, MemorySegment block, BlockSize size)
      throws IOException {
    SlotBuffer buffer = view.buffer(size);
    try {
      space.reservePages(counts.all() + 1);
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
          enter(reference, before, buffer.add(reference, block));
        });
    slotsToFree |= before.isPresent();
    pendingBytes += size.bytes();
  }

  /// Blocks of a unit that an earlier sync left half empty move to a new one.
  private void enterCarried(SlotBuffer buffer) throws IOException {
    int carried = buffer.carried();
    buffer.settleCarried();
    for (int i = 0; i < carried; i++) {
      Entry recent = generation().recent().find(buffer.reference(i));
      if (recent.isHeld()) {
        enter(buffer.reference(i), recent, new Entry(buffer.where(i), recent.sequence()));
        slotsToFree = true;
      }
    }
  }

  private void enter(Reference reference, Entry before, long where) throws IOException {
    enter(reference, before, new Entry(where, view.sequence()));
  }

  private void enter(Reference reference, Entry before, Entry after) throws IOException {
    if (after.isPresent()) {
      map.use(after.place());
    }
    counts.replace(before.where(), after.where());
    view.change(() -> generation().recent().add(reference, after.where(), after.sequence()));
    pending = true;
  }

  /// Writes what waits in a buffer.
  void drain(SlotBuffer buffer) throws IOException {
    if (buffer.isPending()) {
      buffer.writeTo(device);
      view.change(buffer::advance);
    }
  }

  // Removing, and care

  /// @return whether the block was held, and put before the sequence
  boolean moveToTrash(Reference reference, long before) throws IOException {
    requireRemovable();
    Entry entry = find(reference);
    boolean old = entry.isHeld() && entry.sequence() < before;
    if (old) {
      enter(reference, entry, Place.inTrash(entry.where()));
    }
    return old;
  }

  /// A copy that is no longer sound stays in the trash.
  ///
  /// @return whether the block is held now
  boolean restore(Reference reference) throws IOException {
    Entry entry = find(reference);
    if (entry.isInTrash() && isSound(reference, entry.place())) {
      renew(reference, entry);
      return true;
    }
    return entry.isHeld();
  }

  /// @return whether the block was in the trash, since before the sequence
  boolean free(Reference reference, long before) throws IOException {
    requireRemovable();
    Entry entry = find(reference);
    boolean old = entry.isInTrash() && entry.sequence() < before;
    if (old) {
      enter(reference, entry, Place.removed(entry.where()));
      slotsToFree = true;
    }
    return old;
  }

  private void requireRemovable() throws StoreException.ReadOnly {
    if (retention().mode() == Retention.Mode.ARCHIVE) {
      throw new StoreException.ReadOnly(name);
    }
  }

  /// Keeps the slot, which may be worn out, from being used until the block is put again.
  void setAside(Reference reference) throws IOException {
    Entry entry = find(reference);
    if ((entry.isHeld() || entry.isInTrash()) && !isSound(reference, entry.place())) {
      enter(reference, entry, Place.setAside(entry.where()));
    }
  }

  private boolean isSound(Reference reference, Place place) throws IOException {
    MemorySegment copy = MemorySegment.ofArray(new byte[place.size().bytes()]);
    boolean read =
        view.buffer(place.size()).read(place, copy) || device.tryRead(place.offset(), copy);
    return read && Reference.of(copy).equals(reference);
  }

  // Made durable

  /// All entries are in a record.
  void committed() {
    pendingBytes = 0;
    pending = false;
  }

  /// All entries are in a new index.
  void merged(BlockCounts inIndex) {
    committed();
    counts = inIndex;
    slotsToFree = false;
  }
}
