package eris.retention;

import java.io.IOException;

/// References of blocks that somebody wants kept; can be gone through any number of times.
@FunctionalInterface
public interface LiveSet {
  ReferenceCursor open() throws IOException;
}
