package eris.stores;

/// What a volume holds between two checkpoints: an index that does not change, and what came since.
final class Generation {
  private final Superblock superblock;
  private final RecentEntries recent;
  private final VolumeIndex index;

  /// What is found on a device.
  Generation(Device device, Superblock superblock, RecentEntries recent) {
    this(superblock, recent, index(device, superblock, IndexFilter.none()));
  }

  /// What was just written to it.
  static Generation fresh(Device device, Superblock superblock, IndexFilter filter) {
    return new Generation(superblock, new RecentEntries(), index(device, superblock, filter));
  }

  private static VolumeIndex index(Device device, Superblock superblock, IndexFilter filter) {
    return new VolumeIndex(new PageRow(device, superblock.geometry(), superblock.pages()), filter);
  }

  private Generation(Superblock superblock, RecentEntries recent, VolumeIndex index) {
    this.superblock = superblock;
    this.recent = recent;
    this.index = index;
  }

  /// The same index and recent entries under another superblock.
  Generation with(Superblock next) {
    return new Generation(next, recent, index);
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
