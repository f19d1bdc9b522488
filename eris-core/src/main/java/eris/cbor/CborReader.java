package eris.cbor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads one item and refuses all but its deterministic encoding.
///
/// Nothing is allocated by a declared length: strings are first known to lie within the input, and
/// lists grow with what is really there.
final class CborReader {
  private final byte[] input;
  private int position;

  CborReader(byte[] input) {
    this.input = input;
  }

  Cbor readAll() throws CborException {
    Cbor item = read(1);
    if (remaining() > 0) {
      throw new CborException(position, "%d bytes after the item".formatted(remaining()));
    }
    return item;
  }

  private Cbor read(int depth) throws CborException {
    int start = position;
    if (depth > Cbor.MAX_DEPTH) {
      throw new CborException(start, "nested deeper than " + Cbor.MAX_DEPTH);
    }
    int first = (int) readBigEndian(start, 1);
    int majorType = first >>> 5;
    int info = first & 31;
    if (majorType == MajorType.SIMPLE) {
      return simple(start, info);
    }
    long argument = readArgument(start, info);
    return switch (majorType) {
      case MajorType.UNSIGNED -> new Cbor.Int(argument);
      case MajorType.NEGATIVE -> new Cbor.Int(~argument);
      case MajorType.BYTES -> readBytes(start, argument);
      case MajorType.TEXT -> readText(start, argument);
      case MajorType.ARRAY -> readArray(start, argument, depth);
      case MajorType.MAP -> readMap(start, argument, depth);
      case MajorType.TAG -> new Cbor.Tag(argument, read(depth + 1));
      default -> throw new IllegalStateException("three bits hold " + majorType);
    };
  }

  private static Cbor simple(int start, int info) throws CborException {
    return switch (info) {
      case MajorType.FALSE -> new Cbor.Bool(false);
      case MajorType.TRUE -> new Cbor.Bool(true);
      case MajorType.NULL -> new Cbor.Null();
      default ->
          throw new CborException(start, "a float, or a simple value but false, true and null");
    };
  }

  private long readArgument(int start, int info) throws CborException {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw new CborException(start, info == 31 ? "indefinite length" : "reserved head");
    }
    int bytes = 1 << (info - 24);
    long argument = readBigEndian(start, bytes);
    if (argument < 0) {
      throw new CborException(start, "number beyond 63 bits");
    }
    if (argument < 24 || bytes > 1 && argument >>> (4 * bytes) == 0) {
      throw new CborException(start, "head is not the shortest");
    }
    return argument;
  }

  private Cbor.Bytes readBytes(int start, long length) throws CborException {
    int from = skip(start, length);
    return Cbor.Bytes.copyOfRange(input, from, position);
  }

  private Cbor.Text readText(int start, long length) throws CborException {
    int from = skip(start, length);
    try {
      ByteBuffer utf8 = ByteBuffer.wrap(input, from, position - from);
      return new Cbor.Text(StandardCharsets.UTF_8.newDecoder().decode(utf8).toString());
    } catch (CharacterCodingException _) {
      throw new CborException(start, "text is not UTF-8");
    }
  }

  private Cbor.Array readArray(int start, long count, int depth) throws CborException {
    requireRemaining(start, count);
    List<Cbor> items = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      items.add(read(depth + 1));
    }
    return new Cbor.Array(items);
  }

  private Cbor.Map readMap(int start, long count, int depth) throws CborException {
    requireRemaining(start, count);
    List<Cbor.Entry> entries = new ArrayList<>();
    int previousFrom = position;
    int previousTo = position;
    for (long i = 0; i < count; i++) {
      int from = position;
      Cbor key = read(depth + 1);
      requireAscending(previousFrom, previousTo, from);
      previousFrom = from;
      previousTo = position;
      entries.add(new Cbor.Entry(key, read(depth + 1)));
    }
    return new Cbor.Map(entries);
  }

  /// Compares the key before with the one that ends here. Before the first there is an empty one,
  /// which is less than any.
  private void requireAscending(int previousFrom, int previousTo, int from) throws CborException {
    int order = Arrays.compareUnsigned(input, previousFrom, previousTo, input, from, position);
    if (order == 0) {
      throw new CborException(from, "map key is there twice");
    }
    if (order > 0) {
      throw new CborException(from, "map keys are not sorted");
    }
  }

  /// Passes `length` bytes and returns where they start.
  private int skip(int start, long length) throws CborException {
    requireRemaining(start, length);
    int from = position;
    position += (int) length;
    return from;
  }

  private long readBigEndian(int start, int bytes) throws CborException {
    requireRemaining(start, bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | input[position++] & 0xff;
    }
    return value;
  }

  /// @param count of bytes, or of items, which take a byte at least
  private void requireRemaining(int start, long count) throws CborException {
    if (count > remaining()) {
      throw new CborException(
          start, "the input ends: %d bytes left, want at least %d".formatted(remaining(), count));
    }
  }

  private int remaining() {
    return input.length - position;
  }
}
