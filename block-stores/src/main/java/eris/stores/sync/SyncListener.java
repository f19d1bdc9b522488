package eris.stores.sync;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import java.io.IOException;

/// Told what happens on one side, on the thread that runs it.
public interface SyncListener {
  void sent(BlockSize size);

  /// A block has arrived. It is not verified yet, and not stored.
  void received(BlockSize size);

  /// A block of this side that the other one wants, but that is no good.
  void corrupt(CorruptBlock corrupt) throws IOException;
}
