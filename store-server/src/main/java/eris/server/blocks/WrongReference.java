package eris.server.blocks;

import java.io.IOException;

/// A block came under a reference that is not its hash.
public final class WrongReference extends IOException {
  private static final long serialVersionUID = 1;

  public WrongReference() {
    super("the reference is not the hash of the block");
  }
}
