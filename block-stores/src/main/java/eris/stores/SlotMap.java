package eris.stores;

import eris.BlockSize;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What each extent is for, and which slots are used. Belongs to the writer; not safe for
/// concurrent use.
///
/// An extent that is full or free has no bit map, so memory goes with the extents, not with the
/// blocks.
final class SlotMap {
  private static final byte FREE = 0;
  private static final int FULL = 2; // is added to the states below
  private static final List<BlockSize> SIZES = List.of(BlockSize.KIB_1, BlockSize.KIB_32);

  private final Geometry geometry;
  private byte[] states; // FREE, or 1 and the number of the size
  private int[] used;
  private @Nullable BitSet[] slots; // null: none used or all
  private int extents;

  /// Extents that hold superblock, journal or pages.
  private final BitSet taken = new BitSet();

  /// Free ones that are kept for the pages of the next generation.
  private final BitSet reserved = new BitSet();

  /// Behind these, everything is full.
  private final int[] cursors = new int[SIZES.size()];

  private long mostMapBytes;

  SlotMap(Geometry geometry, int extents) {
    this.geometry = geometry;
    this.extents = extents;
    states = new byte[extents];
    used = new int[extents];
    slots = new BitSet[extents];
    mostMapBytes = extents;
    taken.set(0);
  }

  /// Bytes one after another.
  @FunctionalInterface
  interface Input {
    int next() throws IOException;
  }

  /// Takes bytes one after another.
  @FunctionalInterface
  interface Output {
    void next(int value) throws IOException;
  }

  /// Neighbouring slots that are unused.
  record Free(int extent, int slot, int count) {}

  // Reading and writing

  static SlotMap read(Geometry geometry, int extents, Input input) throws IOException {
    var map = new SlotMap(geometry, extents);
    int[] read = new int[extents];
    for (int i = 0; i < extents; i++) {
      read[i] = input.next();
      if (read[i] > SIZES.size() + FULL) {
        throw new DamagedVolume("the map has an extent of an unknown kind");
      }
    }
    for (int i = 0; i < extents; i++) {
      if (read[i] > 0) {
        map.assign(i, SIZES.get((read[i] - 1) % FULL));
        if (read[i] > FULL) {
          map.used[i] = map.slotCount(i);
        } else {
          map.readSlots(i, input);
        }
      }
    }
    return map;
  }

  private void readSlots(int extent, Input input) throws IOException {
    int count = slotCount(extent);
    for (int slot = 0; slot < count; slot += Byte.SIZE) {
      int bits = input.next();
      for (int i = 0; i < Byte.SIZE && slot + i < count; i++) {
        if ((bits >>> i & 1) != 0) {
          use(extent, slot + i);
        }
      }
    }
  }

  void writeTo(Output output) throws IOException {
    for (int i = 0; i < extents; i++) {
      output.next(used[i] == 0 ? FREE : isFull(i) ? states[i] + FULL : states[i]);
    }
    for (int i = 0; i < extents; i++) {
      if (used[i] > 0 && !isFull(i)) {
        int count = slotCount(i);
        for (int slot = 0; slot < count; slot += Byte.SIZE) {
          output.next(bitsAt(i, slot));
        }
      }
    }
  }

  private int bitsAt(int extent, int slot) {
    int bits = 0;
    for (int i = 0; i < Byte.SIZE && slot + i < slotCount(extent); i++) {
      bits |= isUsed(extent, slot + i) ? 1 << i : 0;
    }
    return bits;
  }

  // Extents

  int extents() {
    return extents;
  }

  /// Adds free extents at the end.
  void growTo(int count) {
    if (count > states.length) {
      int room = Math.max(count, states.length + states.length / 2);
      states = Arrays.copyOf(states, room);
      used = Arrays.copyOf(used, room);
      slots = Arrays.copyOf(slots, room);
    }
    mostMapBytes += Math.max(0, count - extents);
    extents = Math.max(extents, count);
  }

  /// Notes that journal or pages are in an extent.
  ///
  /// @throws DamagedVolume if there are slots
  void take(Superblock.Run run) throws DamagedVolume {
    for (int i = run.first(); i < run.first() + run.count(); i++) {
      if (states[i] != FREE) {
        throw new DamagedVolume("extent %d is said to hold slots and records".formatted(i));
      }
      taken.set(i);
      reserved.clear(i);
    }
  }

  void release(Superblock.Run run) {
    taken.clear(run.first(), run.first() + run.count());
  }

  /// A free extent that is not reserved.
  OptionalInt free() {
    for (int i = 1; i < extents; i++) {
      if (isFree(i) && !reserved.get(i)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  boolean isFree(int extent) {
    return states[extent] == FREE && !taken.get(extent);
  }

  int freeCount() {
    int count = 0;
    for (int i = 1; i < extents; i++) {
      count += isFree(i) && !reserved.get(i) ? 1 : 0;
    }
    return count;
  }

  /// Free extents in a row that are not reserved; null if there are not so many.
  Superblock.@Nullable Run freeRun(int count) {
    int first = 1;
    for (int i = 1; i < extents && i - first < count; i++) {
      if (!isFree(i) || reserved.get(i)) {
        first = i + 1;
      }
      if (i + 1 - first == count) {
        return new Superblock.Run(first, count);
      }
    }
    return null;
  }

  BitSet reserved() {
    return reserved;
  }

  /// The most bytes that the map can take, whichever slots are used.
  long mostMapBytes() {
    return mostMapBytes;
  }

  /// The size of the slots in an extent; null if it has none.
  @Nullable BlockSize sizeOf(int extent) {
    return states[extent] == FREE ? null : SIZES.get(states[extent] - 1);
  }

  void assign(int extent, BlockSize size) {
    states[extent] = (byte) (1 + number(size));
    used[extent] = 0;
    slots[extent] = null;
    cursors[number(size)] = Math.min(cursors[number(size)], extent);
    mostMapBytes += Math.ceilDiv(slotCount(extent), Byte.SIZE);
  }

  private static int number(BlockSize size) {
    return SIZES.indexOf(size);
  }

  // Slots

  /// Up to `most` unused slots in a row; of those of 1 KiB, units as a whole. Null if there are
  /// none.
  @Nullable Free find(BlockSize size, int most) {
    int step = slotsInUnit(size);
    for (int extent = cursors[number(size)]; extent < extents; extent++) {
      if (sizeOf(extent) == size && !isFull(extent)) {
        int count = slotCount(extent);
        for (int slot = 0; slot + step <= count; slot += step) {
          int free = freeFrom(extent, slot, Math.min(most, count - slot), step);
          if (free > 0) {
            cursors[number(size)] = extent;
            return new Free(extent, slot, free);
          }
        }
      }
    }
    cursors[number(size)] = extents;
    return null;
  }

  /// 1 for blocks that fill whole units.
  private static int slotsInUnit(BlockSize size) {
    return Math.max(1, VolumeLayout.UNIT_BYTES / size.bytes());
  }

  private int freeFrom(int extent, int slot, int most, int step) {
    BitSet bits = slots[extent];
    int next = bits == null ? -1 : bits.nextSetBit(slot);
    int free = next < 0 ? most : Math.min(most, next - slot);
    return free - free % step;
  }

  boolean isUsed(int extent, int slot) {
    BitSet bits = slots[extent];
    return bits == null ? isFull(extent) : bits.get(slot);
  }

  /// Notes that a block is at `place`.
  ///
  /// @throws DamagedVolume if there can be none of its size
  void use(Place place) throws DamagedVolume {
    if (!geometry.holds(place, extents)) {
      throw new DamagedVolume("a block is where none can be");
    }
    int extent = geometry.extentOf(place);
    if (isFree(extent)) {
      assign(extent, place.size());
      reserved.clear(extent);
    }
    if (sizeOf(extent) != place.size()) {
      throw new DamagedVolume("a block is where none of its size can be");
    }
    use(extent, geometry.slotOf(place));
  }

  void use(int extent, int slot) {
    if (isUsed(extent, slot)) {
      return;
    }
    BitSet bits = slots[extent];
    if (bits == null) {
      bits = new BitSet(slotCount(extent));
      slots[extent] = bits;
    }
    bits.set(slot);
    used[extent]++;
    if (isFull(extent)) {
      slots[extent] = null;
    }
  }

  /// Notes that there is no block any more. An extent without any stays one of slots until
  /// [#settle].
  void free(Place place) {
    if (!geometry.holds(place, extents)) {
      return; // a volume whose records lie about what nobody needs
    }
    int extent = geometry.extentOf(place);
    int slot = geometry.slotOf(place);
    if (sizeOf(extent) != place.size() || !isUsed(extent, slot)) {
      return; // as above
    }
    BitSet bits = slots[extent];
    if (bits == null) {
      bits = new BitSet(slotCount(extent));
      bits.set(0, slotCount(extent));
      slots[extent] = bits;
    }
    bits.clear(slot);
    used[extent]--;
    cursors[number(place.size())] = Math.min(cursors[number(place.size())], extent);
  }

  /// Lets go of extents in which no slot is used.
  void settle() {
    for (int i = 0; i < extents; i++) {
      if (states[i] != FREE && used[i] == 0) {
        mostMapBytes -= Math.ceilDiv(slotCount(i), Byte.SIZE);
        states[i] = FREE;
        slots[i] = null;
      }
    }
  }

  private boolean isFull(int extent) {
    return used[extent] == slotCount(extent);
  }

  private int slotCount(int extent) {
    return geometry.slots(SIZES.get(states[extent] - 1));
  }
}
