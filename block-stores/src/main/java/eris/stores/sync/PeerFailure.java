package eris.stores.sync;

import eris.store.StoreException;
import java.io.IOException;

/// Why a side ends a session early, as it tells the other one. No words: a name of a file or a host
/// is none of the other side's business.
enum PeerFailure {
  OTHER(0),
  MALFORMED(1),
  REFUSED(2),
  FULL(3),
  READ_ONLY(4);

  private static final String NAME = "on the other side";

  private final int code;

  PeerFailure(int code) {
    this.code = code;
  }

  static PeerFailure of(Exception e) {
    return switch (e) {
      case MalformedSync _ -> MALFORMED;
      case StoreException.Full _ -> FULL;
      case StoreException.ReadOnly _, StoreException.Busy _ -> READ_ONLY;
      case StoreException.Refused _ -> REFUSED;
      default -> OTHER;
    };
  }

  void writeTo(SyncOutput out) throws IOException {
    MessageType.FAILED.writeTo(out);
    out.writeNumber(code, 1);
  }

  /// A code that is not known is [#OTHER].
  static PeerFailure readFrom(SyncInput in) throws IOException {
    int code = in.readByte();
    for (PeerFailure failure : values()) {
      if (failure.code == code) {
        return failure;
      }
    }
    return OTHER;
  }

  IOException toException() {
    return switch (this) {
      case OTHER -> new IOException("the other side failed");
      case MALFORMED -> new IOException("the other side did not understand what it was sent");
      case REFUSED -> new StoreException.Refused(NAME, "not allowed");
      case FULL -> new StoreException.Full(NAME, new IOException("no space"));
      case READ_ONLY -> new StoreException.ReadOnly(NAME);
    };
  }
}
