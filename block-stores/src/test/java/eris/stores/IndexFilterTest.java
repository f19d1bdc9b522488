package eris.stores;

import static org.assertj.core.api.Assertions.assertThat;

import eris.Reference;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IndexFilterTest {
  private final SplittableRandom random = new SplittableRandom(1);

  private List<Reference> references(int count) {
    return IntStream.range(0, count).mapToObj(_ -> reference()).toList();
  }

  private Reference reference() {
    return new Reference(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 6, 1000, 100_000})
  void allThatWasAddedPassesAndLittleElse(int count) {
    List<Reference> added = references(count);
    IndexFilter filter = IndexFilter.of(count);
    added.forEach(filter::add);
    assertThat(added).allMatch(filter::mayHold);
    assertThat(references(10_000).stream().filter(filter::mayHold).count()).isLessThan(500);
  }

  /// More entries than it has words for: it excludes less, and nothing wrong.
  @Test
  void oneThatIsTooSmallStillPassesAllThatWasAdded() {
    List<Reference> added = references(10_000);
    IndexFilter filter = IndexFilter.of(10);
    added.forEach(filter::add);
    assertThat(added).allMatch(filter::mayHold);
  }

  @Test
  void withoutOneAnythingMayBeThere() {
    assertThat(references(10)).allMatch(IndexFilter.none()::mayHold);
  }
}
