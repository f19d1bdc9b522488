package eris.stores;

/// What a volume holds between two checkpoints: an index that does not change, and what came since.
final class Generation {
  private final Superblock superblock;
  private final RecentEntries recent;
  private final VolumeIndex index;

  Generation(Device device, Superblock superblock, RecentEntries recent) {
    this(
        superblock,
        recent,
        new VolumeIndex(new PageRow(device, superblock.geometry(), superblock.pages())));
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
