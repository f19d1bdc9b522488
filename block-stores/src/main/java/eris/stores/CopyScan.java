package eris.stores;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.store.ScrubbableStore;
import java.io.IOException;

/// Reads and verifies every copy of a store, in the order that is fastest there.
interface CopyScan {
  /// Told of copies, on the thread that runs the scan.
  interface Visitor {
    void sound(BlockSize size) throws IOException;

    /// A copy that is bad, or was set aside.
    void corrupt(CorruptBlock corrupt) throws IOException;

    /// All before `position` was told.
    void visitedTo(String position) throws IOException;
  }

  /// @param from a position that was told of; whatever is none: the beginning
  /// @return whether it began elsewhere than at the beginning
  boolean run(String from, Visitor visitor) throws IOException;

  /// @param atATimeBytes how much to read before any of it is told, if that can be chosen
  static CopyScan of(ScrubbableStore store, int atATimeBytes) throws IOException {
    return store instanceof VolumeStore volume
        ? volume.scan(VolumeScan.MAX_SLOTS)
        : new InventoryScan(store, atATimeBytes);
  }
}
