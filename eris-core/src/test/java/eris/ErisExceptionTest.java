package eris;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErisExceptionTest {
  private final Reference reference = Samples.reference(1);

  @Test
  void missingBlockNamesItsReference() {
    var e = new ErisException.MissingBlock(reference);
    assertThat(e.reference()).isEqualTo(reference);
    assertThat(e).hasMessage("block " + reference.abbreviated() + " is missing");
  }

  @Test
  void corruptBlockTellsWhatItFound() {
    var e = new ErisException.CorruptBlock(reference, "holds 3 bytes, want 1024");
    assertThat(e.reference()).isEqualTo(reference);
    assertThat(e.detail()).isEqualTo("holds 3 bytes, want 1024");
    assertThat(e)
        .hasMessage("block " + reference.abbreviated() + " is corrupt: holds 3 bytes, want 1024");
  }

  @Test
  void theOthersTellWhatIsWrong() {
    assertThat(new ErisException.WrongKey())
        .hasMessage("the root key does not match the root node");
    assertThat(new ErisException.MalformedTree("why")).hasMessage("malformed tree: why");
    assertThat(new ErisException.MalformedTree("why").detail()).isEqualTo("why");
    assertThat(new ErisException.MalformedCapability("why"))
        .hasMessage("malformed read capability: why");
    assertThat(new ErisException.MalformedReference("why")).hasMessage("malformed reference: why");
  }
}
