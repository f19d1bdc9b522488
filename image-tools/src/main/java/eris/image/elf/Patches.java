package eris.image.elf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.TreeMap;

/// Bytes of a file that are replaced by others, each part on its own. Beyond the end of the file it
/// grows; what lies between is zero.
final class Patches {
  private static final int MAX_BUFFER_BYTES = 1 << 30;

  private final MemorySegment file;
  private final TreeMap<Long, MemorySegment> parts = new TreeMap<>();

  Patches(MemorySegment file) {
    this.file = file;
  }

  /// A part to be written to, which begins as a copy of what the file has there.
  ///
  /// @throws RefusedRewrite if it overlaps another
  MemorySegment at(long offset, long size) throws RefusedRewrite {
    MemorySegment part = MemorySegment.ofArray(new byte[Math.toIntExact(size)]);
    long known = Math.clamp(file.byteSize() - offset, 0, size);
    MemorySegment.copy(file, Math.min(offset, file.byteSize()), part, 0, known);
    Map.Entry<Long, MemorySegment> before = parts.lowerEntry(offset + size);
    if (before != null && before.getKey() + before.getValue().byteSize() > offset) {
      throw new RefusedRewrite(
          "bytes %d to %d are used twice".formatted(before.getKey(), offset + size));
    }
    parts.put(offset, part);
    return part;
  }

  /// The size of the patched file.
  long size() {
    return parts.isEmpty()
        ? file.byteSize()
        : Math.max(file.byteSize(), parts.lastKey() + parts.lastEntry().getValue().byteSize());
  }

  void writeTo(WritableByteChannel out) throws IOException {
    long done = 0;
    for (Map.Entry<Long, MemorySegment> part : parts.entrySet()) {
      copy(done, part.getKey(), out);
      write(part.getValue(), out);
      done = part.getKey() + part.getValue().byteSize();
    }
    copy(done, size(), out);
  }

  /// @param target zeros, as many as [#size] says
  void writeTo(MemorySegment target) {
    target.copyFrom(file);
    parts.forEach((offset, part) -> target.asSlice(offset).copyFrom(part));
  }

  private void copy(long from, long to, WritableByteChannel out) throws IOException {
    long known = Math.min(to, file.byteSize());
    for (long at = from; at < known; at += MAX_BUFFER_BYTES) {
      write(file.asSlice(at, Math.min(MAX_BUFFER_BYTES, known - at)), out);
    }
    if (to > known) {
      write(MemorySegment.ofArray(new byte[Math.toIntExact(to - Math.max(from, known))]), out);
    }
  }

  private static void write(MemorySegment bytes, WritableByteChannel out) throws IOException {
    ByteBuffer buffer = bytes.asByteBuffer();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }
}
