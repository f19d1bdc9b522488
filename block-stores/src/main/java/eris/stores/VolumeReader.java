package eris.stores;

import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// A volume as it was when it was opened, beside whoever writes to it. Looks again only when the
/// writer has made a checkpoint.
final class VolumeReader implements VolumeView {
  private static final int MOST_TRIES = 100;

  private final Device device;
  private volatile Seen seen;

  private record Seen(Generation generation, MemorySegment fingerprint, long sequence) {}

  private VolumeReader(Device device) throws IOException {
    this.device = device;
    this.seen = look(device);
  }

  static VolumeReader open(Device device) throws IOException {
    return new VolumeReader(device);
  }

  /// Reads until no checkpoint comes between.
  private static Seen look(Device device) throws IOException {
    IOException failure = new IOException("the volume changes too fast to be opened");
    for (int i = 0; i < MOST_TRIES; i++) {
      MemorySegment before = Superblocks.fingerprint(device);
      try {
        Superblock superblock = Superblocks.load(device);
        JournalReplay replay = JournalReplay.of(device, superblock);
        if (Superblocks.fingerprint(device).mismatch(before) < 0) {
          var generation = new Generation(device, superblock, replay.entries());
          return new Seen(generation, before, replay.nextSequence());
        }
      } catch (DamagedVolume e) {
        if (Superblocks.fingerprint(device).mismatch(before) < 0) {
          throw e;
        }
        failure = e;
      }
    }
    throw failure;
  }

  @Override
  public Generation generation() {
    return seen.generation();
  }

  @Override
  public boolean isCurrent(Generation generation) throws IOException {
    Seen now = seen;
    if (now.generation() != generation) {
      return false;
    }
    if (Superblocks.fingerprint(device).mismatch(now.fingerprint()) < 0) {
      return true;
    }
    lookAgain(now);
    return false;
  }

  private synchronized void lookAgain(Seen old) throws IOException {
    if (seen.generation() == old.generation()) { // else another thread was here
      seen = look(device);
    }
  }

  VolumeStat stat() throws IOException {
    Superblock superblock = seen.generation().superblock();
    JournalReplay replay = JournalReplay.of(device, superblock);
    SlotMap map = VolumeSpace.readMap(device, superblock, replay);
    return VolumeStat.of(superblock, replay.counts(), map.freeCount());
  }

  @Override
  public long sequence() {
    return seen.sequence();
  }

  @Override
  public Entry findRecent(Generation generation, Reference reference) {
    return generation.recent().find(reference);
  }

  @Override
  public RecentEntries.Sorted sortedRecent(Generation generation, Reference from) {
    return generation.recent().sorted(from);
  }

  @Override
  public boolean readPending(Place place, MemorySegment target) {
    return false;
  }
}
