package eris.bench;

import eris.stores.Device;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLong;

/// A file in which zeros take no space, so that a volume of blocks of zeros is little more than its
/// index. Counts reads.
final class HollowDevice implements Device {
  private static final int UNIT_BYTES = 4096;
  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[UNIT_BYTES]);

  private final FileChannel channel;
  private final BitSet written = new BitSet(); // units that hold something else than zeros
  private final AtomicLong reads = new AtomicLong();

  HollowDevice(Path file) throws IOException {
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  long reads() {
    return reads.get();
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public boolean grows() {
    return true;
  }

  @Override
  public void read(long offset, MemorySegment target) throws IOException {
    reads.incrementAndGet();
    var buffer = target.asByteBuffer();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException();
      }
    }
  }

  @Override
  public synchronized void write(long offset, MemorySegment source) throws IOException {
    for (long at = 0; at < source.byteSize(); at += UNIT_BYTES) {
      MemorySegment unit = source.asSlice(at, Math.min(UNIT_BYTES, source.byteSize() - at));
      int number = Math.toIntExact((offset + at) / UNIT_BYTES);
      if (written.get(number) || unit.mismatch(ZEROS.asSlice(0, unit.byteSize())) >= 0) {
        written.set(number);
        var buffer = unit.asByteBuffer();
        while (buffer.hasRemaining()) {
          channel.write(buffer, offset + at + buffer.position());
        }
      }
    }
    if (channel.size() < offset + source.byteSize()) { // a hole, and one zero that ends it
      channel.write(ByteBuffer.allocate(1), offset + source.byteSize() - 1);
    }
  }

  @Override
  public void reserve(long offset, long sizeBytes) {
    // the disk is larger than what is measured
  }

  @Override
  public void flush() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
