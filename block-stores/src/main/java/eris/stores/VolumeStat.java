package eris.stores;

import eris.BlockSize;
import java.io.IOException;
import java.util.UUID;

/// How much a volume holds.
///
/// @param smallBlocks of 1 KiB
/// @param largeBlocks of 32 KiB
/// @param freeBytes in extents that nothing is in; a volume that grows has more
public record VolumeStat(
    UUID id,
    long sizeBytes,
    boolean grows,
    long smallBlocks,
    long largeBlocks,
    long freeBytes,
    long checkpoints) {

  static VolumeStat of(Generation generation, int freeExtents) throws IOException {
    Superblock superblock = generation.superblock();
    RecentEntries.Sorted recent = generation.recent().sorted(Checkpoint.FIRST);
    long large = superblock.pages().largeEntries();
    long all = superblock.pages().entries();
    for (int i = 0; i < recent.count(); i++) {
      long before = generation.index().find(recent.reference(i));
      all += count(recent.where(i)) - count(before);
      large += countLarge(recent.where(i)) - countLarge(before);
    }
    return new VolumeStat(
        superblock.id(),
        superblock.extents() * superblock.geometry().extentBytes(),
        superblock.geometry().growable(),
        all - large,
        large,
        freeExtents * superblock.geometry().extentBytes(),
        superblock.generation());
  }

  private static int count(long where) {
    return where == Place.NOWHERE || Place.isRemoved(where) ? 0 : 1;
  }

  private static int countLarge(long where) {
    return count(where) == 1 && Place.unpack(where).size() == BlockSize.KIB_32 ? 1 : 0;
  }
}
