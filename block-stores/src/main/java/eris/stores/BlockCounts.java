package eris.stores;

import static eris.stores.VolumeLayout.LONG;

import eris.BlockSize;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// How many blocks of either size a volume has, and in what state. Not safe for concurrent use.
final class BlockCounts {
  /// As it lies in a record: six numbers, each size of each state.
  static final int BYTES = 6 * Long.BYTES;

  private static final int SIZES = 2;

  private final long[] counts;

  /// What a block may be.
  enum State {
    HELD(0),
    TRASH(1),
    SET_ASIDE(2);

    private final int number;

    State(int number) {
      this.number = number;
    }
  }

  private BlockCounts(long[] counts) {
    this.counts = counts;
  }

  static BlockCounts none() {
    return new BlockCounts(new long[State.values().length * SIZES]);
  }

  /// @throws DamagedVolume if these are no counts
  static BlockCounts readFrom(MemorySegment source, long offset) throws DamagedVolume {
    BlockCounts read = none();
    long all = 0;
    for (int i = 0; i < read.counts.length; i++) {
      long count = source.get(LONG, offset + (long) i * Long.BYTES);
      all += count;
      if (count < 0 || count > Long.MAX_VALUE / BlockSize.MAX_BYTES || all < 0) {
        throw new DamagedVolume("a number of blocks cannot be right");
      }
      read.counts[i] = count;
    }
    return read;
  }

  void writeTo(MemorySegment target, long offset) {
    for (int i = 0; i < counts.length; i++) {
      target.set(LONG, offset + (long) i * Long.BYTES, counts[i]);
    }
  }

  BlockCounts copy() {
    return new BlockCounts(counts.clone());
  }

  /// Takes note that an entry says `after` instead of `before`, either of which may be
  /// [Place#NOWHERE] or removed.
  void replace(long before, long after) {
    add(before, -1);
    add(after, 1);
  }

  private void add(long where, int change) {
    if (where != Place.NOWHERE && !Place.isRemoved(where)) {
      State state =
          Place.isHeld(where) ? State.HELD : Place.isInTrash(where) ? State.TRASH : State.SET_ASIDE;
      counts[index(state, Place.size(where))] += change;
    }
  }

  private static int index(State state, BlockSize size) {
    return state.number * SIZES + (size == BlockSize.KIB_1 ? 0 : 1);
  }

  long of(State state, BlockSize size) {
    return counts[index(state, size)];
  }

  long of(State state) {
    return of(state, BlockSize.KIB_1) + of(state, BlockSize.KIB_32);
  }

  /// The entries of an index.
  long all() {
    return of(State.HELD) + of(State.TRASH) + of(State.SET_ASIDE);
  }

  /// What counts against a quota.
  long bytes() {
    long bytes = 0;
    for (State state : State.values()) {
      for (BlockSize size : BlockSize.values()) {
        bytes += of(state, size) * size.bytes();
      }
    }
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockCounts those && Arrays.equals(counts, those.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }
}
