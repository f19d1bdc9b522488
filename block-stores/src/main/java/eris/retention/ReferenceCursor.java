package eris.retention;

import eris.Reference;
import java.io.Closeable;
import java.io.IOException;

/// References one after the other, strictly ascending. For one thread.
public interface ReferenceCursor extends Closeable {
  /// Moves to the next one, and first to the first.
  ///
  /// @return whether there is one
  boolean advance() throws IOException;

  /// Where [#advance] moved to last.
  Reference reference();
}
