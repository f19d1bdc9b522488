package eris.stores.sync;

import static org.assertj.core.api.Assertions.assertThat;

import eris.BlockSize;
import eris.Reference;
import eris.store.BlockInventory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Digests of ranges, and walks of them, against sums computed plainly.
final class SummaryTest {
  private static final Salt SALT = new Salt(1, 2);

  private final NavigableSet<Reference> references = new TreeSet<>();
  private int walks;

  private final BlockInventory inventory =
      (from, visitor) -> {
        walks++;
        for (Reference reference : references.tailSet(from, true)) {
          visitor.visit(reference, BlockSize.KIB_1);
        }
      };

  private void fill(int count) {
    var random = new SplittableRandom(count);
    for (int i = 0; i < count; i++) {
      references.add(
          new Reference(random.nextLong() >> random.nextInt(12), random.nextLong(), 3, 4));
    }
    references.add(Reference.LEAST);
    references.add(new Reference(-1, -1, -1, -1));
  }

  @Test
  void childrenAreTheSumsOfTheirRanges() throws IOException {
    fill(5_000);
    Summary summary = Summary.of(inventory, SALT);
    assertThat(summary.count()).isEqualTo(references.size());
    assertThat(summary.digest()).isEqualTo(plainSums(0).get(0));
    var random = new SplittableRandom(5);
    for (int depth = 0; depth <= 16; depth++) {
      for (int bits = 1; bits <= 8; bits++) {
        Map<Integer, SetDigest> sums = plainSums(depth + bits);
        Ranges ranges = someRanges(depth, random);
        Digests children = summary.children(ranges, bits);
        for (int i = 0; i < children.count(); i++) {
          int prefix = ranges.prefix(i >> bits) << bits | i & (1 << bits) - 1;
          assertThat(children.get(i))
              .as("%d bits of %x", depth + bits, prefix)
              .isEqualTo(sums.getOrDefault(prefix, SetDigest.EMPTY));
        }
      }
    }
  }

  private Map<Integer, SetDigest> plainSums(int depth) {
    Map<Integer, SetDigest> sums = new HashMap<>();
    for (Reference reference : references) {
      int prefix = (int) ((reference.w0() >>> 1) >>> (63 - depth));
      sums.merge(prefix, SALT.digest(reference), SetDigest::plus);
    }
    return sums;
  }

  private static Ranges someRanges(int depth, SplittableRandom random) {
    return new Ranges(depth, random.ints(9, 0, 1 << depth).sorted().distinct().toArray());
  }

  @Test
  void aWalkVisitsWhatIsInItsRangesInOrder() throws IOException {
    fill(20_000);
    var random = new SplittableRandom(6);
    for (int depth = 0; depth <= 20; depth++) {
      Ranges ranges = someRanges(depth, random);
      var from = new Reference(random.nextLong() >>> random.nextInt(64), 0, 0, 0);
      List<Reference> visited = new ArrayList<>();
      RangeWalk.run(inventory, ranges, from, (reference, _) -> visited.add(reference));
      assertThat(visited)
          .isEqualTo(
              references.tailSet(from, true).stream()
                  .filter(reference -> ranges.indexOf(reference) >= 0)
                  .toList());
    }
  }

  @Test
  void aWalkStopsWhenItIsToldTo() throws IOException {
    fill(100);
    List<Reference> visited = new ArrayList<>();
    RangeWalk.run(
        inventory,
        Ranges.ALL,
        Reference.LEAST,
        (reference, _) -> {
          visited.add(reference);
          return visited.size() < 5;
        });
    assertThat(visited).isEqualTo(references.stream().limit(5).toList());
  }

  /// A few ranges far apart: the inventory is asked anew, and not walked from end to end.
  @Test
  void aWalkLeapsOverWhatIsFarBetween() throws IOException {
    fill(20_000);
    walks = 0;
    RangeWalk.run(inventory, new Ranges(2, new int[] {0, 3}), Reference.LEAST, (_, _) -> true);
    assertThat(walks).isEqualTo(2);
  }

  @Test
  void narrowingEndsWithSmallRanges() {
    var narrowing = new Narrowing(4, 16);
    assertThat(narrowing.bits(0, 0)).isZero();
    assertThat(narrowing.bits(0, 16)).isZero();
    assertThat(narrowing.bits(0, 17)).isEqualTo(1);
    assertThat(narrowing.bits(0, 1_000_000)).isEqualTo(4);
    assertThat(narrowing.bits(12, 1_000_000)).isEqualTo(4);
    assertThat(narrowing.bits(16, 1_000_000)).isZero();
    assertThat(narrowing.bits(16, 100_000_000)).isEqualTo(7);
    assertThat(narrowing.bits(23, 100_000_000)).isZero();
    assertThat(narrowing.bits(16, Long.MAX_VALUE)).isEqualTo(8);
    assertThat(narrowing.bits(24, Long.MAX_VALUE)).isZero();
  }
}
