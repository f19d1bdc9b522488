package eris.stores;

import static eris.stores.VolumeLayout.ENTRY_BYTES;
import static eris.stores.VolumeLayout.ENTRY_WHERE;
import static eris.stores.VolumeLayout.INT;
import static eris.stores.VolumeLayout.LONG;
import static eris.stores.VolumeLayout.SHORT;

import eris.Reference;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A page of a volume's index or map, in memory of the caller.
final class Page {
  static final int PAYLOAD = 16;
  static final int PAYLOAD_BYTES = VolumeLayout.UNIT_BYTES - PAYLOAD;
  static final int MAX_ENTRIES = PAYLOAD_BYTES / ENTRY_BYTES;

  private static final int CHECKSUM = 0;
  private static final int COUNT = 4;
  private static final int CONTINUED = 6;
  private static final int GENERATION = 8;
  private static final int NUMBER = 12;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Page() {}

  /// Completes a page whose payload is there.
  static void seal(
      MemorySegment page, int entryCount, boolean continued, int generation, long number) {
    page.set(SHORT, COUNT, (short) entryCount);
    page.set(SHORT, CONTINUED, (short) (continued ? 1 : 0));
    page.set(INT, GENERATION, generation);
    page.set(INT, NUMBER, (int) number);
    VolumeLayout.seal(page, CHECKSUM);
  }

  /// Whether this is the page it should be, whole.
  static boolean isSound(MemorySegment page, int generation, long number) {
    return page.get(INT, GENERATION) == generation
        && page.get(INT, NUMBER) == (int) number
        && Short.toUnsignedInt(page.get(SHORT, COUNT)) <= MAX_ENTRIES
        && VolumeLayout.isSealed(page, CHECKSUM);
  }

  static int entryCount(MemorySegment page) {
    return page.get(SHORT, COUNT);
  }

  static boolean isContinued(MemorySegment page) {
    return page.get(SHORT, CONTINUED) != 0;
  }

  static Reference reference(MemorySegment page, int index) {
    return Reference.readFrom(page, PAYLOAD + index * ENTRY_BYTES);
  }

  static long where(MemorySegment page, int index) {
    return page.get(LONG, PAYLOAD + index * ENTRY_BYTES + ENTRY_WHERE);
  }

  static long sequence(MemorySegment page, int index) {
    return page.get(LONG, PAYLOAD + index * ENTRY_BYTES + VolumeLayout.ENTRY_SEQUENCE);
  }

  /// The index of an entry, or -1 less the index where it would be.
  static int search(MemorySegment page, Reference wanted) {
    int low = 0;
    int high = entryCount(page) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(page, middle, wanted);
      if (order == 0) {
        return middle;
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return -1 - low;
  }

  private static int compare(MemorySegment page, int index, Reference wanted) {
    int order = Long.compareUnsigned(page.get(WORD, PAYLOAD + index * ENTRY_BYTES), wanted.w0());
    return order != 0 ? order : reference(page, index).compareTo(wanted);
  }
}
