package eris.image.closure;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// The bytes of a segment, one after the other. Closing it leaves the segment as it is.
final class SegmentChannel implements ReadableByteChannel {
  private final MemorySegment segment;
  private long position;

  SegmentChannel(MemorySegment segment) {
    this.segment = segment;
  }

  @Override
  public int read(ByteBuffer target) {
    long count = Math.min(target.remaining(), segment.byteSize() - position);
    if (count == 0) {
      return target.hasRemaining() ? -1 : 0;
    }
    target.put(segment.asSlice(position, count).asByteBuffer());
    position += count;
    return (int) count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
