package eris.image.elf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The bytes of an ELF file, read as its class (32 or 64 bit) and byte order say, and nowhere beyond
/// their end.
final class ElfBytes {
  private static final int IDENT_BYTES = 16;

  private final MemorySegment bytes;
  private final boolean is64Bit;
  private final ValueLayout.OfShort half;
  private final ValueLayout.OfInt word;
  private final ValueLayout.OfLong doubleWord;

  private ElfBytes(MemorySegment bytes, boolean is64Bit, ByteOrder order) {
    this.bytes = bytes;
    this.is64Bit = is64Bit;
    half = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    word = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    doubleWord = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
  }

  /// Looks at the first 16 bytes (`e_ident`), which say how to read the rest.
  static ElfBytes of(MemorySegment bytes) throws MalformedElf {
    if (!isElf(bytes)) {
      throw new MalformedElf(0, "not an ELF file, but " + kindOf(bytes));
    }
    if (bytes.byteSize() < IDENT_BYTES) {
      throw new MalformedElf(0, "ends after %d bytes".formatted(bytes.byteSize()));
    }
    int fileClass = bytes.get(ValueLayout.JAVA_BYTE, 4);
    int data = bytes.get(ValueLayout.JAVA_BYTE, 5);
    int version = bytes.get(ValueLayout.JAVA_BYTE, 6);
    if (fileClass != 1 && fileClass != 2) {
      throw new MalformedElf(4, "class %d, want 1 (32 bit) or 2 (64 bit)".formatted(fileClass));
    }
    if (data != 1 && data != 2) {
      throw new MalformedElf(5, "byte order %d, want 1 (little) or 2 (big)".formatted(data));
    }
    if (version != 1) {
      throw new MalformedElf(6, "version %d, want 1".formatted(version));
    }
    return new ElfBytes(
        bytes, fileClass == 2, data == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  static boolean isElf(MemorySegment bytes) {
    return startsWith(bytes, "\u007fELF");
  }

  private static String kindOf(MemorySegment bytes) {
    if (bytes.byteSize() == 0) {
      return "empty";
    }
    return startsWith(bytes, "#!") ? "a script" : "something else";
  }

  private static boolean startsWith(MemorySegment bytes, String start) {
    byte[] wanted = start.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.byteSize() >= wanted.length
        && bytes.asSlice(0, wanted.length).mismatch(MemorySegment.ofArray(wanted)) < 0;
  }

  /// The same bytes' layout over others: a copy that is to be changed.
  ElfBytes over(MemorySegment others) {
    return new ElfBytes(others, is64Bit, order());
  }

  MemorySegment segment() {
    return bytes;
  }

  boolean is64Bit() {
    return is64Bit;
  }

  ByteOrder order() {
    return word.order();
  }

  long size() {
    return bytes.byteSize();
  }

  /// The size of an address.
  int wordBytes() {
    return is64Bit ? Long.BYTES : Integer.BYTES;
  }

  int u16(long offset) throws MalformedElf {
    require("a field", offset, Short.BYTES);
    return Short.toUnsignedInt(bytes.get(half, offset));
  }

  long u32(long offset) throws MalformedElf {
    require("a field", offset, Integer.BYTES);
    return Integer.toUnsignedLong(bytes.get(word, offset));
  }

  /// An address, offset or size: 4 or 8 bytes, unsigned. What does not fit in 63 bits is negative.
  long word(long offset) throws MalformedElf {
    if (!is64Bit) {
      return u32(offset);
    }
    require("a field", offset, Long.BYTES);
    return bytes.get(doubleWord, offset);
  }

  void setU16(long offset, int value) {
    bytes.set(half, offset, (short) value);
  }

  void setU32(long offset, long value) {
    bytes.set(word, offset, (int) value);
  }

  void setWord(long offset, long value) {
    if (is64Bit) {
      bytes.set(doubleWord, offset, value);
    } else {
      setU32(offset, value);
    }
  }

  /// Throws if the file does not have `size` bytes at `offset`.
  void require(String what, long offset, long size) throws MalformedElf {
    if (offset < 0 || size < 0 || offset > size() - size) {
      throw new MalformedElf(
          offset,
          "%s of %s bytes, but the file ends at %d"
              .formatted(what, Long.toUnsignedString(size), size()));
    }
  }

  /// The string at `offset`, which ends with a zero byte before `limit`.
  String string(String what, long offset, long limit, int maxBytes) throws MalformedElf {
    require(what, offset, 1);
    long end = Math.min(Math.min(limit, size()), offset + maxBytes + 1);
    for (long at = offset; at < end; at++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, at) == 0) {
        return text(what, offset, (int) (at - offset));
      }
    }
    throw new MalformedElf(
        offset,
        "%s has no end within %d bytes, want at most %d bytes"
            .formatted(what, Math.max(0, end - offset), maxBytes));
  }

  private String text(String what, long offset, int size) throws MalformedElf {
    byte[] text = bytes.asSlice(offset, size).toArray(ValueLayout.JAVA_BYTE);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException _) {
      throw new MalformedElf(offset, what + " is not UTF-8");
    }
  }
}
