package eris.cbor;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// The order of map entries: that of their encoded keys, byte by byte.
final class MapOrder {
  private MapOrder() {}

  /// An immutable, sorted copy.
  ///
  /// @throws IllegalArgumentException if two entries have the same key
  static List<Cbor.Entry> sorted(List<Cbor.Entry> entries) {
    return isSorted(entries) ? List.copyOf(entries) : sort(entries);
  }

  /// What is decoded is sorted already, and may be large: it is not held a second time.
  private static boolean isSorted(List<Cbor.Entry> entries) {
    byte[] previous = {}; // less than any encoding
    for (Cbor.Entry entry : entries) {
      byte[] key = entry.key().encode();
      if (Arrays.compareUnsigned(previous, key) >= 0) {
        return false;
      }
      previous = key;
    }
    return true;
  }

  private static List<Cbor.Entry> sort(List<Cbor.Entry> entries) {
    var sorted = new TreeMap<byte[], Cbor.Entry>(Arrays::compareUnsigned);
    for (Cbor.Entry entry : entries) {
      if (sorted.put(entry.key().encode(), entry) != null) {
        throw new IllegalArgumentException("two map entries have the same key");
      }
    }
    return List.copyOf(sorted.values());
  }
}
