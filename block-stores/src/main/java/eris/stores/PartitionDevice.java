package eris.stores;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// A partition of a device as a device. Closes the whole.
record PartitionDevice(Device whole, GuidPartition partition) implements Device {
  @Override
  public long size() {
    return partition.sizeBytes();
  }

  @Override
  public boolean grows() {
    return false;
  }

  @Override
  public void read(long offset, MemorySegment target) throws IOException {
    whole.read(within(offset, target.byteSize()), target);
  }

  @Override
  public void write(long offset, MemorySegment source) throws IOException {
    whole.write(within(offset, source.byteSize()), source);
  }

  @Override
  public void reserve(long offset, long sizeBytes) throws IOException {
    whole.reserve(within(offset, sizeBytes), sizeBytes);
  }

  private long within(long offset, long sizeBytes) throws IOException {
    if (offset < 0 || sizeBytes > size() || offset > size() - sizeBytes) {
      throw new EOFException("the partition ends before byte " + (offset + sizeBytes));
    }
    return partition.offset() + offset;
  }

  @Override
  public void flush() throws IOException {
    whole.flush();
  }

  @Override
  public void close() throws IOException {
    whole.close();
  }
}
