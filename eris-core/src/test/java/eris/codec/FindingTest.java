package eris.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.ErisException;
import eris.Reference;
import eris.Samples;
import org.junit.jupiter.api.Test;

class FindingTest {
  private final Reference reference = Samples.reference(1);

  @Test
  void isWhatTheExceptionSays() {
    assertThat(Finding.of(reference, new ErisException.MissingBlock(reference)))
        .isEqualTo(new Finding.Missing(reference));
    assertThat(Finding.of(reference, new ErisException.CorruptBlock(reference, "why")))
        .isEqualTo(new Finding.Corrupt(reference, "why"));
    assertThat(Finding.of(reference, new ErisException.MalformedTree("why")))
        .isEqualTo(new Finding.Malformed(reference, "why"));
    assertThat(Finding.of(reference, new ErisException.WrongKey()))
        .isEqualTo(new Finding.WrongRootKey(reference));
  }

  @Test
  void textIsNoFinding() {
    assertThatThrownBy(() -> Finding.of(reference, new ErisException.MalformedCapability("why")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Finding.of(reference, new ErisException.MalformedReference("why")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void isDescribedWithItsWholeReference() {
    assertThat(Finding.describe(new Finding.Missing(reference))).isEqualTo("missing " + reference);
    assertThat(Finding.describe(new Finding.Corrupt(reference, "why")))
        .isEqualTo("corrupt " + reference + ": why");
    assertThat(Finding.describe(new Finding.WrongRootKey(reference)))
        .isEqualTo("wrong key for " + reference + ": the root key does not match the root node");
    assertThat(Finding.describe(new Finding.Malformed(reference, "why")))
        .isEqualTo("malformed " + reference + ": why");
    assertThat(Finding.describe(new Finding.NotCanonical(reference, 3)))
        .isEqualTo("not canonical " + reference + ": level 3 has another key");
  }
}
