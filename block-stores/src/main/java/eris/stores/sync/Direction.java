package eris.stores.sync;

import java.util.EnumSet;
import java.util.Set;

/// Which way blocks go, as the side sees it that begins.
public enum Direction {
  /// What the other side lacks goes there.
  PUSH,

  /// What this side lacks comes here.
  PULL;

  int bit() {
    return 1 << ordinal();
  }

  static int toBits(Set<Direction> directions) {
    return directions.stream().mapToInt(Direction::bit).sum();
  }

  /// Bits that mean nothing are left out.
  static Set<Direction> ofBits(int bits) {
    Set<Direction> directions = EnumSet.noneOf(Direction.class);
    for (Direction direction : values()) {
      if ((bits & direction.bit()) != 0) {
        directions.add(direction);
      }
    }
    return directions;
  }
}
