package eris.stores.sync;

import java.io.IOException;

/// The other side ended a session, or the channel did, before its end. What arrived is kept: to begin
/// again is to go on.
public final class PeerGone extends IOException {
  private static final long serialVersionUID = 1;

  PeerGone(long bytes) {
    super("the other side ended early, after %d bytes".formatted(bytes));
  }

  PeerGone(IOException cause) {
    super("the connection to the other side broke", cause);
  }
}
