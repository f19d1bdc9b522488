package eris.stores.sync;

import java.io.IOException;
import java.util.random.RandomGenerator;

/// How a file begins that does the work of a session without a connection.
///
/// ```
/// 0      4  "ERSB" of blocks, "ERSH" of what is held
/// 4      1  version 1
/// 5     16  salt
/// ```
final class FileHeader {
  static final long BLOCKS = 0x45525342;
  static final long HELD = 0x45525348;

  private static final int VERSION = 1;

  private FileHeader() {}

  static Salt write(long magic, RandomGenerator random, SyncOutput out) throws IOException {
    Salt salt = Salt.random(random);
    out.writeNumber(magic, Integer.BYTES);
    out.writeNumber(VERSION, 1);
    out.writeSalt(salt);
    return salt;
  }

  /// @param what such a file is, for the message if it is none
  static Salt read(long magic, String what, SyncInput in) throws IOException {
    if (in.readNumber(Integer.BYTES) != magic) {
      throw in.malformed("no file of " + what);
    }
    int version = in.readByte();
    if (version != VERSION) {
      throw in.malformed("version %d, want %d".formatted(version, VERSION));
    }
    return in.readSalt();
  }
}
