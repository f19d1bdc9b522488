package eris.stores;

import static eris.stores.VolumeLayout.UNIT_BYTES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// The pages of one generation, read: wherever they lie, and whole even where one of them is
/// damaged.
final class PageRow {
  static final int GROUP_UNITS = 16;
  static final int GROUP_PAGES = GROUP_UNITS - 1;
  static final int GROUP_BYTES = GROUP_UNITS * UNIT_BYTES;

  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

  private final Device device;
  private final Geometry geometry;
  private final Superblock.PagesRoot root;
  private final int[] extents;

  PageRow(Device device, Geometry geometry, Superblock.PagesRoot root) {
    this.device = device;
    this.geometry = geometry;
    this.root = root;
    this.extents = extents(root.runs());
  }

  private static int[] extents(List<Superblock.Run> runs) {
    int[] extents = new int[runs.stream().mapToInt(Superblock.Run::count).sum()];
    int i = 0;
    for (Superblock.Run run : runs) {
      for (int k = 0; k < run.count(); k++) {
        extents[i++] = run.first() + k;
      }
    }
    return extents;
  }

  Superblock.PagesRoot root() {
    return root;
  }

  /// Reads a page into `target`, one unit.
  ///
  /// @throws DamagedVolume if neither the page nor the rest of its group is sound
  void read(long number, MemorySegment target) throws IOException {
    boolean read =
        device.tryRead(offset(number / GROUP_PAGES, (int) (number % GROUP_PAGES)), target);
    if (!read || !Page.isSound(target, root.generation(), number)) {
      recover(number, target);
    }
  }

  /// Reads a group into `group`. Its pages are then to be asked for with [#page].
  void readGroup(long group, MemorySegment target) throws IOException {
    if (!device.tryRead(offset(group, 0), target.asSlice(0, GROUP_BYTES))) {
      target.fill((byte) 0); // so each of its pages is read again by itself
    }
  }

  /// A page of a group that was read, itself read again if it is damaged.
  MemorySegment page(long number, MemorySegment group) throws IOException {
    MemorySegment page = group.asSlice(number % GROUP_PAGES * UNIT_BYTES, UNIT_BYTES);
    if (!Page.isSound(page, root.generation(), number)) {
      read(number, page);
    }
    return page;
  }

  private void recover(long number, MemorySegment target) throws IOException {
    long group = number / GROUP_PAGES;
    MemorySegment other = MemorySegment.ofArray(new byte[UNIT_BYTES]);
    target.fill((byte) 0);
    for (int i = 0; i < GROUP_UNITS; i++) {
      long page = group * GROUP_PAGES + i;
      boolean counts = i == GROUP_PAGES || page < root.pages() && page != number;
      if (counts && !device.tryRead(offset(group, i), other)) {
        throw damaged(number);
      }
      if (counts) {
        xor(target, other);
      }
    }
    if (!Page.isSound(target, root.generation(), number)) {
      throw damaged(number);
    }
  }

  private static DamagedVolume damaged(long number) {
    return new DamagedVolume(
        "page %d is damaged, and so is another of its group".formatted(number));
  }

  private long offset(long group, int unit) {
    long inRow = group * GROUP_UNITS + unit;
    int extent = extents[(int) (inRow / geometry.extentUnits())];
    return extent * geometry.extentBytes() + inRow % geometry.extentUnits() * UNIT_BYTES;
  }

  static void xor(MemorySegment target, MemorySegment other) {
    for (long i = 0; i < UNIT_BYTES; i += Long.BYTES) {
      target.set(WORD, i, target.get(WORD, i) ^ other.get(WORD, i));
    }
  }
}
