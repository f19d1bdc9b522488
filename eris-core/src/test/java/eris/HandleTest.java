package eris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.ErisException.MalformedReference;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class HandleTest {
  @Test
  void parsesWhatItPrints() throws MalformedReference {
    var handle = new Handle(Samples.reference(1));
    assertThat(handle).hasToString("eris-" + Samples.reference(1));
    assertThat(Handle.parse(handle.toString())).isEqualTo(handle);
  }

  @Test
  void refusesOtherSpellings() {
    String text = new Handle(Samples.reference(1)).toString();
    for (String other :
        new String[] {
          "",
          "eris-",
          text.substring(5),
          text.substring(0, 56),
          text + "A",
          "ERIS-" + text.substring(5),
          text.toLowerCase(Locale.ROOT),
          "eris-urn:blake2b:" + text.substring(5),
          "eris-urn:blake2b:" + text.substring(17), // 52 characters after `eris-`
        }) {
      assertThatThrownBy(() -> Handle.parse(other))
          .as(other)
          .isInstanceOf(MalformedReference.class);
    }
  }
}
