package eris.stores.sync;

import eris.store.StoreException;
import java.io.IOException;

/// Why a side ends a session early, as it tells the other one. No words: a name of a file or a host
/// is none of the other side's business.
enum PeerFailure {
  OTHER,
  MALFORMED,
  REFUSED,
  FULL,
  READ_ONLY;

  private static final String NAME = "on the other side";

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
    out.writeNumber(ordinal(), 1);
  }

  /// A number that is not known is [#OTHER].
  static PeerFailure readFrom(SyncInput in) throws IOException {
    int number = in.readByte();
    return number < values().length ? values()[number] : OTHER;
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
