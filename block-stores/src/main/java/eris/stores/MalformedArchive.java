package eris.stores;

import java.io.IOException;

/// Bytes that are no block archive, or only the beginning of one. The message tells where and what
/// is wrong, never the bytes.
public final class MalformedArchive extends IOException {
  private static final long serialVersionUID = 1;

  MalformedArchive(long offsetBytes, String detail) {
    super("malformed archive at byte %d: %s".formatted(offsetBytes, detail));
  }
}
