package eris.stores.sync;

import java.io.IOException;

/// How much a side holds, and the digest of it: what follows a [Hello], a count of 8 bytes and 16
/// bytes.
record SetSummary(long count, SetDigest digest) {
  static SetSummary of(Summary summary) {
    return new SetSummary(summary.count(), summary.digest());
  }

  void writeTo(SyncOutput out) throws IOException {
    out.writeNumber(count, Long.BYTES);
    out.writeDigest(digest);
  }

  static SetSummary readFrom(SyncInput in) throws IOException {
    return new SetSummary(in.readCount(), in.readDigest());
  }
}
