package eris.testkit;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/// Power cuts at each call of a simulated disk that lives on: beside it, disks as a reboot might find
/// them. One run so serves for many cuts.
///
/// Between two flushes no disk is looked at that has the bytes of an earlier one.
final class PowerCuts {
  private final SplittableRandom random;
  private final int imagesPerCall;
  private long count;

  /// What is to be found out about a disk after a cut.
  @FunctionalInterface
  interface Check {
    void of(SimulatedDevice image) throws IOException;
  }

  PowerCuts(SplittableRandom random, int imagesPerCall) {
    this.random = random;
    this.imagesPerCall = imagesPerCall;
  }

  /// From now on checks some images at each call of `disk`.
  void at(String place, SimulatedDevice disk, Check check) {
    Set<Long> seen = new HashSet<>();
    disk.watch(
        () -> {
          for (int i = 0; i < imagesPerCall; i++) {
            SimulatedDevice image = disk.crash(random);
            if (seen.add(image.outcome())) {
              count++;
              explained(place, disk, image, check);
            }
          }
        });
  }

  private static void explained(
      String place, SimulatedDevice disk, SimulatedDevice image, Check check) {
    try {
      check.of(image);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError("%s, cut at call %d".formatted(place, disk.calls() - 1), e);
    }
  }

  /// How many images were checked.
  long count() {
    return count;
  }
}
