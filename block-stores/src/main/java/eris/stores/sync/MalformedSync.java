package eris.stores.sync;

import java.io.IOException;

/// Bytes that do not belong into a session, or into a file of blocks or of references. The message
/// tells where and what is wrong, never the bytes.
public final class MalformedSync extends IOException {
  private static final long serialVersionUID = 1;

  MalformedSync(long offsetBytes, String detail) {
    super("malformed sync data at byte %d: %s".formatted(offsetBytes, detail));
  }

  MalformedSync(String detail) {
    super("malformed sync data: " + detail);
  }
}
