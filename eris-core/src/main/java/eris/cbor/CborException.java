package eris.cbor;

import java.io.IOException;

/// Bytes that are not the deterministic encoding of a [Cbor] item. The message tells where and what
/// rule, never the bytes: they may be a secret.
public final class CborException extends IOException {
  private static final long serialVersionUID = 1;
  private final int offsetBytes;

  CborException(int offsetBytes, String detail) {
    super("malformed CBOR at byte %d: %s".formatted(offsetBytes, detail));
    this.offsetBytes = offsetBytes;
  }

  /// Where the item starts that is at fault, counted from 0.
  public int offsetBytes() {
    return offsetBytes;
  }
}
