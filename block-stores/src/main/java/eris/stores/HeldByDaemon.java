package eris.stores;

import java.io.IOException;
import java.nio.file.Path;

/// A daemon holds the store, and takes blocks for it.
public final class HeldByDaemon extends IOException {
  private static final long serialVersionUID = 1;
  private final transient Path socket;

  HeldByDaemon(Path socket, String holder) {
    super("the store is held by " + holder);
    this.socket = socket;
  }

  /// Where the daemon listens for this user.
  public Path socket() {
    return socket;
  }
}
