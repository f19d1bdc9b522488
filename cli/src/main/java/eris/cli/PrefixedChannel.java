package eris.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// A channel whose first bytes were already read.
record PrefixedChannel(ByteBuffer prefix, ReadableByteChannel rest) implements ReadableByteChannel {

  /// Looks at the first `count` bytes of `channel`, fewer if it ends before.
  static PrefixedChannel peek(ReadableByteChannel channel, int count) throws IOException {
    ByteBuffer prefix = ByteBuffer.allocateDirect(count);
    while (prefix.hasRemaining() && channel.read(prefix) >= 0) {}
    return new PrefixedChannel(prefix.flip(), channel);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!prefix.hasRemaining()) {
      return rest.read(target);
    }
    int count = Math.min(prefix.remaining(), target.remaining());
    target.put(prefix.slice().limit(count));
    prefix.position(prefix.position() + count);
    return count;
  }

  @Override
  public boolean isOpen() {
    return rest.isOpen();
  }

  @Override
  public void close() throws IOException {
    rest.close();
  }
}
