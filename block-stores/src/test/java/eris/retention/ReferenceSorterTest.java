package eris.retention;

import static org.assertj.core.api.Assertions.assertThat;

import eris.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReferenceSorterTest {
  /// From none to many runs; of few distinct references that come often, and of many.
  @ParameterizedTest
  @CsvSource({
    "0, 9, 16",
    "1, 9, 16",
    "16, 99, 16",
    "17, 999, 16",
    "5000, 10, 16",
    "5000, 3000, 16",
    "5000, 1000000, 16",
    "100000, 1000000, 1500"
  })
  void sortsAndDropsRepetitions(int count, int kinds, int held) throws IOException {
    var random = new SplittableRandom(count);
    var expected = new TreeSet<Reference>();
    try (var sorter = new ReferenceSorter(held)) {
      for (int i = 0; i < count; i++) {
        int kind = random.nextInt(kinds);
        var reference = new Reference(kind * 0x9e3779b97f4a7c15L, kind, 0, -kind);
        sorter.add(reference);
        expected.add(reference);
      }
      assertThat(all(sorter)).containsExactlyElementsOf(expected);
      assertThat(all(sorter)).containsExactlyElementsOf(expected);
      assertThat(sorter.countAtMost()).isGreaterThanOrEqualTo(expected.size());
    }
  }

  @Test
  void mergeIsAUnion() throws IOException {
    try (var even = new ReferenceSorter();
        var third = new ReferenceSorter()) {
      for (int i = 0; i < 60; i++) {
        (i % 2 == 0 ? even : third).add(new Reference(0, 0, 0, i));
        third.add(new Reference(0, 0, 0, i - i % 3));
      }
      try (var merged = MergedReferences.open(List.of(even, third, even))) {
        for (int i = 0; i < 60; i++) {
          assertThat(merged.advance()).isTrue();
          assertThat(merged.reference()).isEqualTo(new Reference(0, 0, 0, i));
        }
        assertThat(merged.advance()).isFalse();
      }
    }
  }

  private static List<Reference> all(LiveSet set) throws IOException {
    List<Reference> all = new ArrayList<>();
    try (ReferenceCursor cursor = set.open()) {
      while (cursor.advance()) {
        all.add(cursor.reference());
      }
    }
    return all;
  }
}
