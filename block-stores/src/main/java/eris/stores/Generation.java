package eris.stores;

/// What a volume holds between two checkpoints: an index that does not change, and what came since.
final class Generation {
  private final Superblock superblock;
  private final RecentEntries recent;
  private final VolumeIndex index;

  Generation(Device device, Superblock superblock, RecentEntries recent) {
    this.superblock = superblock;
    this.recent = recent;
    this.index = new VolumeIndex(new PageRow(device, superblock.geometry(), superblock.pages()));
  }

  Superblock superblock() {
    return superblock;
  }

  RecentEntries recent() {
    return recent;
  }

  VolumeIndex index() {
    return index;
  }
}
