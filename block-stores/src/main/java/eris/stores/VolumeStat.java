package eris.stores;

import eris.BlockSize;
import eris.store.Retention;
import java.util.UUID;

/// How much a volume holds.
///
/// @param smallBlocks of 1 KiB that are held
/// @param largeBlocks of 32 KiB that are held
/// @param trashBlocks in the trash
/// @param badBlocks set aside, each in place of a block
/// @param usedBytes of all these: what counts against the quota
/// @param freeBytes in extents that nothing is in; a volume that grows has more
public record VolumeStat(
    UUID id,
    long sizeBytes,
    boolean grows,
    Retention retention,
    long smallBlocks,
    long largeBlocks,
    long trashBlocks,
    long badBlocks,
    long usedBytes,
    long freeBytes,
    long checkpoints) {

  static VolumeStat of(Superblock superblock, BlockCounts counts, int freeExtents) {
    return new VolumeStat(
        superblock.id(),
        superblock.extents() * superblock.geometry().extentBytes(),
        superblock.geometry().growable(),
        superblock.settings().retention(),
        counts.of(BlockCounts.State.HELD, BlockSize.KIB_1),
        counts.of(BlockCounts.State.HELD, BlockSize.KIB_32),
        counts.of(BlockCounts.State.TRASH),
        counts.of(BlockCounts.State.SET_ASIDE),
        counts.bytes(),
        freeExtents * superblock.geometry().extentBytes(),
        superblock.generation());
  }
}
