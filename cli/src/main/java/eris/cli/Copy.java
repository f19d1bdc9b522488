package eris.cli;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// From one channel to another.
final class Copy {
  private static final int BUFFER_BYTES = 512 * 1024;

  private Copy() {}

  static void exactly(
      ReadableByteChannel source, long count, WritableByteChannel target, Progress progress)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(count, BUFFER_BYTES));
    long left = count;
    while (left > 0) {
      buffer.clear().limit((int) Math.min(left, buffer.capacity()));
      int read = source.read(buffer);
      if (read < 0) {
        throw new EOFException("content ended %d bytes early".formatted(left));
      }
      left -= read;
      buffer.flip();
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
      progress.advance(read);
    }
  }
}
