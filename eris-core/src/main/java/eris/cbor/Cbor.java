package eris.cbor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// A CBOR data item (RFC 8949) that has exactly one encoding: the deterministic one of section
/// 4.2.1, with the shortest heads, definite lengths and sorted map keys.
///
/// Integers are those of a `long`. There are no floats, and no simple values but `false`, `true` and
/// `null`. Values are immutable and compare by content; `toString` never shows the content of a byte
/// string, which may be a secret.
///
/// Items order as their encodings do, byte by byte.
public sealed interface Cbor extends Comparable<Cbor> {
  /// How deep items may nest, an item without others inside being 1 deep. Deeper ones are neither
  /// written nor read, so that no input decides how much stack we need.
  int MAX_DEPTH = 32;

  /// An integer, major type 0 or 1. CBOR has twice as many; those beyond a `long` are refused.
  record Int(long value) implements Cbor {}

  /// A byte string, major type 2.
  final class Bytes implements Cbor {
    private final byte[] bytes;

    private Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    public static Bytes copyOf(byte[] bytes) {
      return new Bytes(bytes.clone());
    }

    static Bytes copyOfRange(byte[] bytes, int from, int to) {
      return new Bytes(Arrays.copyOfRange(bytes, from, to));
    }

    public int sizeBytes() {
      return bytes.length;
    }

    /// A copy.
    public byte[] toArray() {
      return bytes.clone();
    }

    /// Not a copy: for the encoder alone.
    byte[] shared() {
      return bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Bytes[%d bytes]".formatted(bytes.length);
    }
  }

  /// A text string, major type 3.
  record Text(String value) implements Cbor {
    /// @throws IllegalArgumentException if `value` has no UTF-8 form, because half of a surrogate
    ///     pair is missing
    public Text {
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
        throw new IllegalArgumentException("text with half of a surrogate pair");
      }
    }
  }

  /// An array, major type 4.
  record Array(List<Cbor> items) implements Cbor {
    public Array {
      items = List.copyOf(items);
    }

    public static Array of(Cbor... items) {
      return new Array(List.of(items));
    }
  }

  /// A map, major type 5. Its entries lie in the order of their keys, however they were given.
  record Map(List<Entry> entries) implements Cbor {
    /// @throws IllegalArgumentException if two entries have the same key
    public Map {
      var sorted = new TreeMap<byte[], Entry>(Arrays::compareUnsigned);
      for (Entry entry : entries) {
        if (sorted.put(entry.key().encode(), entry) != null) {
          throw new IllegalArgumentException("two map entries have the same key");
        }
      }
      entries = List.copyOf(sorted.values());
    }

    public Optional<Cbor> get(Cbor key) {
      int index =
          Collections.binarySearch(
              entries, new Entry(key, new Null()), Comparator.comparing(Entry::key));
      return index < 0 ? Optional.empty() : Optional.of(entries.get(index).value());
    }
  }

  /// One entry of a [Map]; not an item by itself.
  record Entry(Cbor key, Cbor value) {
    public Entry {
      Objects.requireNonNull(key);
      Objects.requireNonNull(value);
    }
  }

  /// A tagged item, major type 6.
  record Tag(long number, Cbor content) implements Cbor {
    /// @throws IllegalArgumentException if `number` is negative: tags of 2^63 and more are refused
    public Tag {
      Objects.requireNonNull(content);
      if (number < 0) {
        throw new IllegalArgumentException("tag " + number + " is negative");
      }
    }
  }

  /// `false` or `true`.
  record Bool(boolean value) implements Cbor {}

  /// `null`.
  record Null() implements Cbor {}

  /// Decodes exactly one item, in its one encoding and with nothing after it.
  ///
  /// Memory is in proportion to `encoded`, at most some eighty times as much (an array of empty
  /// texts), whatever lengths it declares: who reads from strangers bounds the size of `encoded`.
  ///
  /// @throws CborException if `encoded` is anything else
  static Cbor decode(byte[] encoded) throws CborException {
    return new CborReader(encoded).readAll();
  }

  /// The deterministic encoding.
  ///
  /// @throws IllegalArgumentException if this nests deeper than [#MAX_DEPTH]
  default byte[] encode() {
    return CborWriter.encode(this);
  }

  @Override
  default int compareTo(Cbor that) {
    return Arrays.compareUnsigned(encode(), that.encode());
  }
}
