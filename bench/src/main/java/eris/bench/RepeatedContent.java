package eris.bench;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Random;

/// Content from memory: random bytes, over and over up to a size. Copied once, like from a file that
/// is cached.
final class RepeatedContent implements ReadableByteChannel {
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(16 << 20);
  private long remaining;

  RepeatedContent() {
    byte[] random = new byte[bytes.capacity()];
    new Random(2).nextBytes(random);
    bytes.put(random);
  }

  RepeatedContent ofSize(long sizeBytes) {
    remaining = sizeBytes;
    bytes.clear();
    return this;
  }

  @Override
  public int read(ByteBuffer target) {
    if (remaining == 0) {
      return -1;
    }
    if (!bytes.hasRemaining()) {
      bytes.clear();
    }
    int count = (int) Math.min(Math.min(target.remaining(), bytes.remaining()), remaining);
    target.put(bytes.limit(bytes.position() + count));
    bytes.limit(bytes.capacity());
    remaining -= count;
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
