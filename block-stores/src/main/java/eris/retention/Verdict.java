package eris.retention;

/// What a collection does about a block.
public enum Verdict {
  /// In a live set.
  KEEP,

  /// In no live set, but put since the oldest open promise.
  SPARE,

  /// In no live set: it goes to the trash.
  TRASH,

  /// In the trash, but not since before the oldest open promise.
  WAIT,

  /// In the trash since before the oldest open promise, and still in no live set: it is removed.
  FREE,

  /// In the trash and in a live set: it is held again.
  RESTORE;

  /// @param wanted whether the block is in a live set
  /// @param before the sequence that decides: that of the oldest open promise
  static Verdict of(boolean wanted, boolean inTrash, long sequence, long before) {
    if (wanted) {
      return inTrash ? RESTORE : KEEP;
    }
    if (sequence >= before) {
      return inTrash ? WAIT : SPARE;
    }
    return inTrash ? FREE : TRASH;
  }
}
