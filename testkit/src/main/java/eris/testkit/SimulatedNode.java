package eris.testkit;

import java.util.random.RandomGenerator;

/// Something with a name on a simulated disk.
sealed interface SimulatedNode permits SimulatedFile, SimulatedDirectory {
  /// Makes durable what is there now, unless a flush has failed before.
  void flush();

  /// A flush has failed: what was not durable never will be.
  void doom();

  /// One of the states in which a power cut may leave this; durable in turn.
  SimulatedNode afterCrash(RandomGenerator random);
}
