package eris.kernel;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// How wide the vectors of this process are. HotSpot makes good code only of species that are
/// constants, so there is one choice, made when this class is initialized.
final class Lanes {
  /// As wide as this machine has them, or as [KernelSetting] says.
  static final VectorSpecies<Long> LONGS =
      KernelSetting.vectorBits()
          .map(bits -> VectorShape.forBitSize(bits).<Long>withLanes(long.class))
          .orElse(LongVector.SPECIES_PREFERRED);

  static final VectorSpecies<Integer> INTS = LONGS.withLanes(int.class);

  /// Blocks that are worked on at once.
  static final int COUNT = LONGS.length();

  private Lanes() {}
}
