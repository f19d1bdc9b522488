package eris.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;

/// Bytes in pages that copies share until one of them writes. Not safe for concurrent use.
final class SharedPages {
  private static final int PAGE_BYTES = 4096;
  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  private byte[][] pages;
  private final BitSet own = new BitSet(); // which no other has, and so may be changed

  /// As many zeros.
  SharedPages(int sizeBytes) {
    pages = new byte[Math.ceilDiv(sizeBytes, PAGE_BYTES)][];
    Arrays.fill(pages, ZEROS);
  }

  private SharedPages(byte[][] pages) {
    this.pages = pages;
  }

  SharedPages copy() {
    own.clear();
    return new SharedPages(pages.clone());
  }

  int sizeBytes() {
    return pages.length * PAGE_BYTES;
  }

  /// Adds zeros at the end.
  void growTo(int sizeBytes) {
    int before = pages.length;
    pages = Arrays.copyOf(pages, Math.ceilDiv(sizeBytes, PAGE_BYTES));
    Arrays.fill(pages, before, pages.length, ZEROS);
  }

  void read(long offset, MemorySegment target) {
    long size = target.byteSize();
    int step;
    for (long at = 0; at < size; at += step) {
      step = step(offset + at, size - at);
      byte[] page = pages[page(offset + at)];
      MemorySegment.copy(page, inPage(offset + at), target, ValueLayout.JAVA_BYTE, at, step);
    }
  }

  void write(long offset, MemorySegment source) {
    long size = source.byteSize();
    int step;
    for (long at = 0; at < size; at += step) {
      step = step(offset + at, size - at);
      byte[] page = ownPage(page(offset + at));
      MemorySegment.copy(source, ValueLayout.JAVA_BYTE, at, page, inPage(offset + at), step);
    }
  }

  private byte[] ownPage(int number) {
    if (!own.get(number)) {
      pages[number] = pages[number].clone();
      own.set(number);
    }
    return pages[number];
  }

  /// Zeros from `offset` to the end.
  void clearFrom(int offset) {
    if (inPage(offset) > 0) {
      Arrays.fill(ownPage(page(offset)), inPage(offset), PAGE_BYTES, (byte) 0);
    }
    int whole = Math.ceilDiv(offset, PAGE_BYTES);
    Arrays.fill(pages, whole, pages.length, ZEROS);
    own.clear(whole, pages.length);
  }

  private static int page(long offset) {
    return (int) (offset / PAGE_BYTES);
  }

  private static int inPage(long offset) {
    return (int) (offset % PAGE_BYTES);
  }

  private static int step(long offset, long most) {
    return (int) Math.min(PAGE_BYTES - inPage(offset), most);
  }
}
