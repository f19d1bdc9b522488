package eris.stores;

import eris.BlockSize;
import eris.Reference;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Blocks of one size on their way to neighbouring slots, so that they are written together.
///
/// Guarded by the lock of the [WriterView]: changed under it, read under it shared.
final class SlotBuffer {
  private static final int MOST_BYTES = 1 << 19;

  private final BlockSize size;
  private final int slotsInUnit;
  private final MemorySegment memory;
  private final Reference[] references; // of the blocks held
  private long baseKib; // the slot where the first block held belongs
  private int room; // unused slots from there on
  private int count; // blocks held
  private int carried; // the first blocks held that are elsewhere too

  /// Neighbouring slots are in one extent, so it need not hold more.
  SlotBuffer(BlockSize size, Geometry geometry) {
    this.size = size;
    this.slotsInUnit = Math.max(1, VolumeLayout.UNIT_BYTES / size.bytes());
    long bytes = Math.min(MOST_BYTES, geometry.extentBytes());
    this.memory = Arena.ofAuto().allocate(bytes, VolumeLayout.UNIT_BYTES);
    this.references = new Reference[(int) bytes / size.bytes()];
  }

  int most() {
    return references.length;
  }

  /// Whether the next block needs other slots.
  boolean isFull() {
    return count >= room;
  }

  /// Whether there is anything to write.
  boolean isPending() {
    return count > carried;
  }

  int carried() {
    return carried;
  }

  Reference reference(int index) {
    return references[index];
  }

  long where(int index) {
    return Place.pack(baseKib + (long) index * (size.bytes() / 1024), size);
  }

  /// Fills other slots from now on. What is held must have been written, but for what is carried.
  void moveTo(long kib, int slots) {
    assert !isPending();
    baseKib = kib;
    room = slots;
  }

  /// Forgets the slots and what is carried.
  void reset() {
    room = 0;
    count = 0;
    carried = 0;
  }

  /// Takes a block and returns where it will be.
  long add(Reference reference, MemorySegment block) {
    memory.asSlice((long) count * size.bytes(), size.bytes()).copyFrom(block);
    references[count] = reference;
    count++;
    return where(count - 1);
  }

  /// What was carried is now held like the rest.
  void settleCarried() {
    carried = 0;
  }

  boolean read(Place place, MemorySegment target) {
    long index = (place.kib() - baseKib) / (size.bytes() / 1024);
    if (place.size() != size || place.kib() < baseKib || index < carried || index >= count) {
      return false;
    }
    target.copyFrom(memory.asSlice(index * size.bytes(), size.bytes()));
    return true;
  }

  /// Writes all that is held, whole units.
  void writeTo(Device device) throws IOException {
    long bytes = (long) units() * slotsInUnit * size.bytes();
    long held = (long) count * size.bytes();
    memory.asSlice(held, bytes - held).fill((byte) 0);
    device.write(baseKib * 1024, memory.asSlice(0, bytes));
  }

  private int units() {
    return Math.ceilDiv(count, slotsInUnit);
  }

  /// After [#writeTo]: goes on with the next unit. Blocks of a unit that is not full are carried,
  /// to be written again with those that come.
  void advance() {
    int whole = count / slotsInUnit * slotsInUnit;
    int rest = count - whole;
    MemorySegment.copy(memory, (long) whole * size.bytes(), memory, 0, (long) rest * size.bytes());
    System.arraycopy(references, whole, references, 0, rest);
    int passed = units() * slotsInUnit;
    baseKib += (long) passed * (size.bytes() / 1024);
    room -= passed;
    count = rest;
    carried = rest;
  }
}
