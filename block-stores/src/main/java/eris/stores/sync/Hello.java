package eris.stores.sync;

import java.io.IOException;
import java.util.Set;

/// How both sides begin: version, what is wanted or granted, and the salt. The side that answers
/// repeats the salt.
///
/// ```
/// 0      4  "ERSY"
/// 4      1  version 1
/// 5      1  directions: bit 0 push, bit 1 pull
/// 6     16  salt
/// 22     2  bytes of optional items that follow, at most 4,096
/// ```
record Hello(Set<Direction> directions, Salt salt) {
  private static final long MAGIC = 0x45525359;
  private static final int VERSION = 1;
  private static final int MOST_OPTIONAL_BYTES = 4096;

  Hello {
    directions = Set.copyOf(directions);
  }

  void writeTo(SyncOutput out) throws IOException {
    out.writeNumber(MAGIC, Integer.BYTES);
    out.writeNumber(VERSION, 1);
    out.writeNumber(Direction.toBits(directions), 1);
    out.writeSalt(salt);
    out.writeNumber(0, Short.BYTES);
  }

  /// Optional items are read and passed over.
  static Hello readFrom(SyncInput in) throws IOException {
    long first = in.readByte();
    if (first == MessageType.FAILED.code()) {
      throw PeerFailure.readFrom(in).toException();
    }
    if ((first << 24 | in.readNumber(Integer.BYTES - 1)) != MAGIC) {
      throw in.malformed("no eris sync");
    }
    int version = in.readByte();
    if (version != VERSION) {
      throw in.malformed("version %d, want %d".formatted(version, VERSION));
    }
    Set<Direction> directions = Direction.ofBits(in.readByte());
    Salt salt = in.readSalt();
    int optionalBytes = (int) in.readNumber(Short.BYTES);
    if (optionalBytes > MOST_OPTIONAL_BYTES) {
      throw in.malformed("%d bytes of optional items".formatted(optionalBytes));
    }
    in.readBytes(optionalBytes);
    return new Hello(directions, salt);
  }
}
