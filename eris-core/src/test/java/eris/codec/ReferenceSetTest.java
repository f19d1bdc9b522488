package eris.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import eris.Reference;
import eris.Samples;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class ReferenceSetTest {
  private final ReferenceSet set = new ReferenceSet();

  @Test
  void agreesWithASetOfTheJdkWhileItGrows() {
    Set<Reference> twin = new HashSet<>();
    var random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      Reference reference = Samples.reference(random.nextInt(12_000));
      assertThat(set.add(reference)).isEqualTo(twin.add(reference));
    }
    for (Reference reference : twin) {
      assertThat(set.add(reference)).isFalse();
    }
  }

  @Test
  void referencesThatDifferInOneBitDiffer() {
    byte[] bytes = Samples.bytes(1, Reference.BYTES);
    for (int bit = 0; bit < 256; bit++) {
      byte[] other = bytes.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      Reference reference = Reference.readFrom(MemorySegment.ofArray(other), 0);
      assertThat(set.add(reference)).isTrue();
      assertThat(set.add(reference)).isFalse();
    }
  }

  /// Zeros in some words are no free slot.
  @Test
  void referencesOfOneWordDiffer() {
    for (int round = 0; round < 2; round++) {
      for (long i = 1; i <= 1000; i++) {
        for (Reference reference :
            List.of(
                new Reference(i, 0, 0, 0),
                new Reference(0, i, 0, 0),
                new Reference(0, 0, i, 0),
                new Reference(0, 0, 0, i))) {
          assertThat(set.add(reference)).isEqualTo(round == 0);
        }
      }
    }
  }

  /// An attacker chooses references as they like, and makes them agree in all but a few bits.
  @Test
  void chosenReferencesDoNotSlowItDown() {
    requireFast(i -> new Reference(i, 7, 7, 7));
    requireFast(i -> new Reference(7, 7, 7, i));
    requireFast(i -> new Reference(i << 44, 7, 7, 7));
    requireFast(i -> new Reference(7, 7, i << 44, 7));
    requireFast(i -> new Reference(i << 59, i >> 5 << 59, i >> 10 << 59, i >> 15 << 59));
    requireFast(i -> new Reference(i << 32, i, i << 32, i));
    requireFast(i -> new Reference(i, i, i, i));
    requireFast(i -> new Reference(i, -i, i, -i));
  }

  /// Were all to collide, 2^18 of them would take 2^35 steps.
  private static void requireFast(LongFunction<Reference> chosen) {
    var set = new ReferenceSet();
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (long i = 1; i <= 1 << 18; i++) {
            set.add(chosen.apply(i));
          }
        });
  }
}
