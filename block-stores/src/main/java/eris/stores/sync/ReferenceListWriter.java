package eris.stores.sync;

import eris.Reference;
import java.io.IOException;

/// Writes ascending references: of each, how many of its first bytes are those of the one before,
/// and the other bytes.
final class ReferenceListWriter {
  /// In the place of a number of common bytes: there are no more references.
  static final int END = 0xff;

  private final SyncOutput out;
  private byte[] previous = {};

  ReferenceListWriter(SyncOutput out) {
    this.out = out;
  }

  /// @param reference greater than those before
  void add(Reference reference) throws IOException {
    byte[] bytes = SyncOutput.bytesOf(reference);
    int common = common(previous, bytes);
    out.writeNumber(common, 1);
    out.write(bytes, common, bytes.length - common);
    previous = bytes;
  }

  void end() throws IOException {
    out.writeNumber(END, 1);
  }

  /// How many first bytes are equal; 0 where one of the two is missing.
  static int common(byte[] a, byte[] b) {
    return Math.max(0, a.length == b.length ? java.util.Arrays.mismatch(a, b) : 0);
  }
}
