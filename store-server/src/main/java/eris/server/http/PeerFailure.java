package eris.server.http;

import java.io.IOException;

/// The peer has gone, or kept us waiting too long: there is nobody to tell anything.
final class PeerFailure extends IOException {
  private static final long serialVersionUID = 1;

  PeerFailure(String line) {
    super(line);
  }
}
