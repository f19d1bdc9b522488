package eris.image.elf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A string table and what is added at its end. What refers to the old strings stays right.
final class GrowingStrings {
  private final StringTable old;
  private final Map<String, Long> found = new LinkedHashMap<>();
  private final ByteArrayOutputStream added = new ByteArrayOutputStream();

  GrowingStrings(StringTable old) {
    this.old = old;
  }

  /// The offset of a string in the table, which has it from now on.
  long indexOf(String text) {
    return found.computeIfAbsent(text, this::findOrAdd);
  }

  boolean hasGrown() {
    return added.size() > 0;
  }

  long size() {
    return old.size() + added.size();
  }

  /// The whole table.
  void writeTo(MemorySegment target, long offset) {
    MemorySegment.copy(old.elf().segment(), old.offset(), target, offset, old.size());
    MemorySegment.copy(
        MemorySegment.ofArray(added.toByteArray()), 0, target, offset + old.size(), added.size());
  }

  private long findOrAdd(String text) {
    byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
    long there = find(MemorySegment.ofArray(bytes));
    if (there >= 0) {
      return there;
    }
    long index = size();
    added.writeBytes(bytes);
    return index;
  }

  /// Where in the old table it is, be it as the end of another string.
  private long find(MemorySegment bytes) {
    MemorySegment table = old.elf().segment().asSlice(old.offset(), old.size());
    byte first = bytes.get(ValueLayout.JAVA_BYTE, 0);
    for (long at = 0; at <= table.byteSize() - bytes.byteSize(); at++) {
      if (table.get(ValueLayout.JAVA_BYTE, at) == first
          && table.asSlice(at, bytes.byteSize()).mismatch(bytes) < 0) {
        return at;
      }
    }
    return -1;
  }
}
