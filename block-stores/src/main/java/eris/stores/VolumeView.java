package eris.stores;

import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// What a reader sees of a volume. Safe for concurrent use.
///
/// Whoever looks something up takes the generation, reads, and then asks whether it is still
/// current: if not, what it read may have been written over.
sealed interface VolumeView permits VolumeReader, WriterView {
  Generation generation();

  /// Whether nothing of `generation` was written over so far.
  boolean isCurrent(Generation generation) throws IOException;

  /// The sequence of the journal's next record.
  long sequence();

  /// What the recent entries say of a block, also of a removed one; [Entry#NONE] if nothing.
  Entry findRecent(Generation generation, Reference reference);

  /// The latest recent entries that are not less than `from`, in ascending order of references.
  RecentEntries.Sorted sortedRecent(Generation generation, Reference from);

  /// Copies a block that is not on the device yet.
  ///
  /// @return whether it was such a block
  boolean readPending(Place place, MemorySegment target);
}
