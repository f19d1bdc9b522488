package eris.server.blocks;

import java.io.IOException;

/// More was asked for than the server takes on at a time. It can be asked again.
public final class Overloaded extends IOException {
  private static final long serialVersionUID = 1;

  public Overloaded() {
    super("too much to do");
  }
}
