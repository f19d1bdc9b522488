package eris.stores;

import java.io.EOFException;
import java.lang.foreign.MemorySegment;

/// A sound disk in memory.
record MemoryDevice(MemorySegment memory) implements Device {
  static MemoryDevice of(int sizeBytes) {
    return new MemoryDevice(MemorySegment.ofArray(new byte[sizeBytes]));
  }

  MemoryDevice copy() {
    MemoryDevice copy = of((int) size());
    copy.memory.copyFrom(memory);
    return copy;
  }

  @Override
  public long size() {
    return memory.byteSize();
  }

  @Override
  public boolean grows() {
    return false;
  }

  @Override
  public void read(long offset, MemorySegment target) throws EOFException {
    MemorySegment.copy(memory, within(offset, target), target, 0, target.byteSize());
  }

  @Override
  public void write(long offset, MemorySegment source) throws EOFException {
    MemorySegment.copy(source, 0, memory, within(offset, source), source.byteSize());
  }

  private long within(long offset, MemorySegment segment) throws EOFException {
    if (offset < 0 || offset > size() - segment.byteSize()) {
      throw new EOFException("the disk ends at " + size());
    }
    return offset;
  }

  @Override
  public void reserve(long offset, long sizeBytes) {}

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
