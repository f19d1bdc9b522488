package eris.stores;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// The identity of a volume, a UUID of version 7 (RFC 9562): of two volumes that were made on one
/// device, the later one has the greater.
final class VolumeId {
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

  private VolumeId() {}

  static UUID next(Clock clock, RandomGenerator random) {
    long high = clock.millis() << 16 | 0x7000 | random.nextInt(1 << 12);
    long low = random.nextLong() >>> 2 | 1L << 63;
    return new UUID(high, low);
  }

  static UUID read(MemorySegment source, long offset) {
    return new UUID(source.get(WORD, offset), source.get(WORD, offset + Long.BYTES));
  }

  static void write(UUID id, MemorySegment target, long offset) {
    target.set(WORD, offset, id.getMostSignificantBits());
    target.set(WORD, offset + Long.BYTES, id.getLeastSignificantBits());
  }

  /// [UUID#compareTo] takes the halves as signed.
  static boolean isLater(UUID id, UUID other) {
    int high = Long.compareUnsigned(id.getMostSignificantBits(), other.getMostSignificantBits());
    return high > 0
        || high == 0
            && Long.compareUnsigned(id.getLeastSignificantBits(), other.getLeastSignificantBits())
                > 0;
  }
}
