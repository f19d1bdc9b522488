package eris.stores.sync;

import java.io.IOException;

/// What a message is about: its first byte.
enum MessageType {
  COMPARE(1),
  DIGESTS(2),
  HAVE(3),
  HELD(4),
  BLOCKS(5),
  DURABLE(6),
  BYE(7),
  FAILED(8);

  private final int code;

  MessageType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  void writeTo(SyncOutput out) throws IOException {
    out.writeNumber(code, 1);
  }

  /// Reads the type of a message.
  ///
  /// @throws IOException also if the message is that the other side failed
  static MessageType readFrom(SyncInput in) throws IOException {
    int code = in.readByte();
    for (MessageType type : values()) {
      if (type.code == code) {
        if (type == FAILED) {
          throw PeerFailure.readFrom(in).toException();
        }
        return type;
      }
    }
    throw in.malformed("message type %d".formatted(code));
  }

  /// Reads the type of a message that must be of this one.
  void require(SyncInput in) throws IOException {
    MessageType type = readFrom(in);
    if (type != this) {
      throw wanted(in, type);
    }
  }

  MalformedSync wanted(SyncInput in, MessageType found) {
    return in.malformed("%s where %s is due".formatted(found, this));
  }
}
