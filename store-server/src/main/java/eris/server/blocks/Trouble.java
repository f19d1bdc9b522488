package eris.server.blocks;

import eris.ErisException.CorruptBlock;
import eris.store.StoreException;
import java.io.IOException;

/// Why the store behind a door did not do what it was asked: each door has a status for each.
public enum Trouble {
  FULL("the store is full"),
  READ_ONLY("the store takes no blocks"),
  OVERLOADED("too much to do, try again"),
  CORRUPT("the block is corrupt"),
  WRONG_REFERENCE("the reference is not the hash of the block"),
  FAILED("the store failed");

  private final String text;

  Trouble(String text) {
    this.text = text;
  }

  /// What `failure` of a [BlockService] means.
  public static Trouble of(IOException failure) {
    return switch (failure) {
      case StoreException.Full _ -> FULL;
      case StoreException.ReadOnly _ -> READ_ONLY;
      case Overloaded _ -> OVERLOADED;
      case WrongReference _ -> WRONG_REFERENCE;
      case CorruptBlock _ -> CORRUPT;
      default -> FAILED;
    };
  }

  /// For who asked: one line that tells nothing about this machine.
  public String text() {
    return text;
  }
}
