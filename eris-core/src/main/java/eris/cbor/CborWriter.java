package eris.cbor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes items with the shortest heads and definite lengths. Map entries are sorted already.
final class CborWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private CborWriter() {}

  static byte[] encode(Cbor item) {
    var writer = new CborWriter();
    writer.write(item, 1);
    return writer.out.toByteArray();
  }

  private void write(Cbor item, int depth) {
    if (depth > Cbor.MAX_DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + Cbor.MAX_DEPTH);
    }
    switch (item) {
      case Cbor.Int(long value) -> writeInt(value);
      case Cbor.Bytes bytes -> writeString(MajorType.BYTES, bytes.shared());
      case Cbor.Text(String value) ->
          writeString(MajorType.TEXT, value.getBytes(StandardCharsets.UTF_8));
      case Cbor.Array(var items) -> {
        writeHead(MajorType.ARRAY, items.size());
        items.forEach(inner -> write(inner, depth + 1));
      }
      case Cbor.Map(var entries) -> {
        writeHead(MajorType.MAP, entries.size());
        for (Cbor.Entry entry : entries) {
          write(entry.key(), depth + 1);
          write(entry.value(), depth + 1);
        }
      }
      case Cbor.Tag(long number, Cbor content) -> {
        writeHead(MajorType.TAG, number);
        write(content, depth + 1);
      }
      case Cbor.Bool(boolean value) ->
          writeHead(MajorType.SIMPLE, value ? MajorType.TRUE : MajorType.FALSE);
      case Cbor.Null _ -> writeHead(MajorType.SIMPLE, MajorType.NULL);
    }
  }

  private void writeInt(long value) {
    if (value >= 0) {
      writeHead(MajorType.UNSIGNED, value);
    } else {
      writeHead(MajorType.NEGATIVE, ~value); // -1 - value, which cannot overflow
    }
  }

  private void writeString(int majorType, byte[] bytes) {
    writeHead(majorType, bytes.length);
    out.writeBytes(bytes);
  }

  /// @param argument not negative
  private void writeHead(int majorType, long argument) {
    int type = majorType << 5;
    if (argument < 24) {
      out.write(type | (int) argument);
    } else if (argument <= 0xff) {
      out.write(type | 24);
      writeBigEndian(argument, 1);
    } else if (argument <= 0xffff) {
      out.write(type | 25);
      writeBigEndian(argument, 2);
    } else if (argument <= 0xffff_ffffL) {
      out.write(type | 26);
      writeBigEndian(argument, 4);
    } else {
      out.write(type | 27);
      writeBigEndian(argument, 8);
    }
  }

  private void writeBigEndian(long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
  }
}
