package eris.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// Gives content in pieces, with empty reads in between, and fails where it is told to.
final class TestChannel implements ReadableByteChannel {
  private final byte[] content;
  private final int pieceBytes;
  private final int emptyReads;
  private int position;
  private int emptyReadsLeft;
  private int failAt = Integer.MAX_VALUE;
  private boolean open = true;

  TestChannel(byte[] content, int pieceBytes, int emptyReads) {
    this.content = content;
    this.pieceBytes = pieceBytes;
    this.emptyReads = emptyReads;
    this.emptyReadsLeft = emptyReads;
  }

  void failAt(int position) {
    failAt = position;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (emptyReadsLeft-- > 0) {
      return 0;
    }
    emptyReadsLeft = emptyReads;
    if (position >= failAt) {
      throw new IOException("content at " + failAt);
    }
    if (position == content.length) {
      return -1;
    }
    int count = Math.min(Math.min(pieceBytes, target.remaining()), content.length - position);
    target.put(content, position, count);
    position += count;
    return count;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
