package eris.stores;

/// Where a journal lies: two halves that hold the same.
record JournalArea(long offset, long halfBytes) {
  static JournalArea of(Superblock.Run run, Geometry geometry) {
    return new JournalArea(
        run.first() * geometry.extentBytes(), run.count() * geometry.extentBytes() / 2);
  }

  /// @param half 0 or 1
  long offset(int half) {
    return offset + half * halfBytes;
  }
}
