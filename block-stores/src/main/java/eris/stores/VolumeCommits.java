package eris.stores;

import eris.Reference;
import eris.store.Retention;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/// Writes what changed to the device of a volume: records of the journal, checkpoints, superblocks.
///
/// Guarded by the lock of the [VolumeWriter], but for what is said of single methods.
final class VolumeCommits {
  /// What waits for a sync at most: as much as has to be hashed after a crash.
  private static final int MAX_PENDING_ENTRIES = 1 << 14;

  private static final long MAX_PENDING_BYTES = 64L << 20;

  /// A cache that is full lets go of an eighth.
  private static final int EVICTION_SHIFT = 3;

  private final Device device;
  private final String name;
  private final RandomGenerator random;
  private final Geometry geometry;
  private final SlotMap map;
  private final VolumeSpace space;
  private final WriterView view;
  private final VolumeChanges changes;
  private final AskedFor askedFor = new AskedFor();
  private volatile Journal journal;
  private VolumeSettings settings; // as they are to be
  private int committed; // recent entries that are in the journal
  private boolean flushWanted; // records may not be durable
  private boolean checkpointWanted;
  private int evictionWanted; // the more, the more has to go

  VolumeCommits(
      Device device,
      String name,
      RandomGenerator random,
      SlotMap map,
      VolumeSpace space,
      WriterView view,
      VolumeChanges changes,
      JournalReplay replay) {
    this.device = device;
    this.name = name;
    this.random = random;
    this.geometry = view.generation().superblock().geometry();
    this.map = map;
    this.space = space;
    this.view = view;
    this.changes = changes;
    this.settings = view.generation().superblock().settings();
    Superblock.Run area = view.generation().superblock().journal().area();
    this.journal = new Journal(device, JournalArea.of(area, geometry), replay);
    this.committed = generation().recent().count();
    this.flushWanted = !journal.isFlushed();
    this.checkpointWanted = replay.lostBlocks();
    if (committed > 0) {
      changes.expectSlotsToFree();
    }
  }

  private Generation generation() {
    return view.generation();
  }

  // What is wanted

  void wantCheckpoint() {
    checkpointWanted = true;
  }

  boolean isCheckpointWanted() {
    return checkpointWanted;
  }

  /// Wants blocks of a cache to go, more of them with each try.
  void wantEviction(int tries) {
    evictionWanted = Math.max(evictionWanted, tries);
  }

  void wantSettings(VolumeSettings wanted) {
    settings = wanted;
  }

  boolean isCache() {
    return settings.retention().mode() == Retention.Mode.CACHE;
  }

  /// Takes note that somebody asked for a block. Needs no lock.
  void noteAskedFor(Reference reference) {
    if (generation().superblock().settings().retention().mode() == Retention.Mode.CACHE) {
      askedFor.note(reference);
    }
  }

  /// Whether so much waits for a sync that there must be one before more comes.
  boolean isOverdue() {
    return generation().recent().count() - committed >= MAX_PENDING_ENTRIES
        || changes.pendingBytes() >= MAX_PENDING_BYTES;
  }

  // Writing

  /// Writes all that is wanted.
  ///
  /// @return what to tell [#flushed] after the device was flushed; empty if nothing needs that
  OptionalLong write() throws IOException {
    drainAll();
    if (checkpointWanted || evictionWanted > 0 || changes.arePending() && !hasRoomInJournal()) {
      checkpoint();
      return OptionalLong.empty();
    }
    if (areSettingsWanted()) {
      writeSettings();
    }
    if (!changes.arePending() && !flushWanted) {
      return OptionalLong.empty();
    }
    append();
    flushWanted = false;
    return OptionalLong.of(journal.nextSequence());
  }

  /// Notes that all records before `next` are durable. Needs no lock, but no [#write] meanwhile.
  void flushed(long next) {
    journal.flushed(next);
  }

  private void drainAll() throws IOException {
    try {
      for (SlotBuffer buffer : view.buffers()) {
        changes.drain(buffer);
      }
    } catch (IOException e) {
      throw changes.fullOr(e);
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
      journal.append(generation().recent(), committed, count, map.extents(), changes.counts());
      committed = count;
      changes.committed();
      view.advanceTo(journal.nextSequence());
    }
  }

  private void checkpoint() throws IOException {
    Superblock old = generation().superblock();
    int number = (int) (old.generation() + 1);
    long entries = changes.counts().all();
    Superblock.Run area = space.journalFor(entries, old.journal().area());
    var writer = new PagesWriter(device, geometry, space::takeForPages, number, entries);
    Checkpoint.merge(generation().index(), generation().recent(), kept(writer), map);
    Superblock.PagesRoot pages = writer.finish(map);
    if (pages.runs().size() > Superblock.MAX_RUNS) {
      throw new IOException("volume " + name + " is too fragmented for its index");
    }
    long sequence = journal.nextSequence() + 1; // who compares it sees that something happened
    var journalRoot = new Superblock.JournalRoot(area, sequence, random.nextInt());
    var superblock =
        new Superblock(
            old.id(), old.generation() + 1, geometry, map.extents(), journalRoot, pages, settings);
    device.flush();
    Superblocks.write(device, superblock);
    turnTo(superblock, old, writer.filter());
  }

  /// Where entries go that a checkpoint merges.
  private VolumeIndex.Visitor kept(PagesWriter writer) throws IOException {
    if (evictionWanted == 0 || !isCache()) {
      return writer::add;
    }
    long quota = settings.retention().quotaBytes().orElse(Long.MAX_VALUE);
    long used = changes.counts().bytes();
    long share = Math.min(used, quota) >> Math.max(0, EVICTION_SHIFT + 1 - evictionWanted);
    long bytes = Math.max(0, used - quota) + Math.max(1, share);
    return Eviction.of(view, askedFor.take(), bytes, journal.nextSequence(), writer::add, map);
  }

  private void turnTo(Superblock superblock, Superblock old, IndexFilter filter)
      throws IOException {
    view.turnTo(Generation.fresh(device, superblock, filter), superblock.journal().sequence());
    journal =
        new Journal(
            device, JournalArea.of(superblock.journal().area(), geometry), superblock.journal());
    changes.merged(superblock.pages().counts());
    committed = 0;
    flushWanted = false;
    checkpointWanted = false;
    evictionWanted = 0;
    map.settle();
    space.turnTo(superblock, old);
  }

  private boolean areSettingsWanted() {
    return !settings.equals(generation().superblock().settings());
  }

  /// The index stays as it is, and the journal goes on.
  private void writeSettings() throws IOException {
    Superblock superblock = generation().superblock().with(settings);
    device.flush();
    Superblocks.write(device, superblock);
    view.turnTo(superblock);
  }

  /// Says in the journal that all is durable, if so.
  void writeLast() throws IOException {
    boolean quiet = !changes.arePending() && !flushWanted && journal.isFlushed();
    if (quiet && committed > 0 && journal.fits(0)) {
      journal.append(generation().recent(), committed, committed, map.extents(), changes.counts());
    }
  }
}
