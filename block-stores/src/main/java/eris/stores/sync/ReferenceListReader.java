package eris.stores.sync;

import eris.Reference;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/// Reads what [ReferenceListWriter] writes, and nothing else.
final class ReferenceListReader {
  private final SyncInput in;
  private byte[] previous = {};

  ReferenceListReader(SyncInput in) {
    this.in = in;
  }

  /// The next reference; empty at the end.
  ///
  /// @throws MalformedSync if it is not greater than the one before, or could have been shorter
  Optional<Reference> next() throws IOException {
    int common = in.readByte();
    if (common == ReferenceListWriter.END) {
      return Optional.empty();
    }
    if (common >= Reference.BYTES || common > previous.length) {
      throw in.malformed("%d common bytes of references".formatted(common));
    }
    byte[] bytes = Arrays.copyOf(previous, Reference.BYTES);
    in.readInto(bytes, common, Reference.BYTES - common);
    if (previous.length > 0
        && (Arrays.compareUnsigned(previous, bytes) >= 0
            || ReferenceListWriter.common(previous, bytes) != common)) {
      throw in.malformed("references that do not ascend");
    }
    previous = bytes;
    return Optional.of(Reference.readFrom(MemorySegment.ofArray(bytes), 0));
  }
}
