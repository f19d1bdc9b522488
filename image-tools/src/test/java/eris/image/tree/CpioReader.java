package eris.image.tree;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads cpio archives as the kernel does: written from its documentation, beside [CpioWriter].
final class CpioReader {
  private CpioReader() {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(int inode, int mode, int links, long time, byte[] content) {
    String text() {
      return new String(content, StandardCharsets.UTF_8);
    }
  }

  static Map<String, Entry> read(byte[] archive) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    int at = 0;
    while (true) {
      if (!new String(archive, at, 6, StandardCharsets.US_ASCII).equals("070701")) {
        throw new IllegalArgumentException("no head at byte " + at);
      }
      int nameBytes = field(archive, at, 11);
      int contentBytes = field(archive, at, 6);
      String name = new String(archive, at + 110, nameBytes - 1, StandardCharsets.UTF_8);
      int content = (at + 110 + nameBytes + 3) & ~3;
      if (name.equals("TRAILER!!!")) {
        if (content != archive.length) {
          throw new IllegalArgumentException("bytes after the end");
        }
        return entries;
      }
      var entry =
          new Entry(
              field(archive, at, 0),
              field(archive, at, 1),
              field(archive, at, 4),
              field(archive, at, 5),
              Arrays.copyOfRange(archive, content, content + contentBytes));
      if (entries.put(name, entry) != null) {
        throw new IllegalArgumentException("twice: " + name);
      }
      at = (content + contentBytes + 3) & ~3;
    }
  }

  private static int field(byte[] archive, int at, int index) {
    String digits = new String(archive, at + 6 + 8 * index, 8, StandardCharsets.US_ASCII);
    return Integer.parseUnsignedInt(digits, 16);
  }
}
