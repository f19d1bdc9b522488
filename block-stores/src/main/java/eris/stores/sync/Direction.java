package eris.stores.sync;

import java.util.EnumSet;
import java.util.Set;

/// Which way blocks go, as the side sees it that begins.
public enum Direction {
  /// What the other side lacks goes there.
  PUSH(1),

  /// What this side lacks comes here.
  PULL(2);

  private final int bit;

  Direction(int bit) {
    this.bit = bit;
  }

  static int toBits(Set<Direction> directions) {
    return directions.stream().mapToInt(direction -> direction.bit).sum();
  }

  /// Bits that mean nothing are left out.
  static Set<Direction> ofBits(int bits) {
    Set<Direction> directions = EnumSet.noneOf(Direction.class);
    for (Direction direction : values()) {
      if ((bits & direction.bit) != 0) {
        directions.add(direction);
      }
    }
    return directions;
  }
}
