package eris.cbor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// To search: `JAZZER_FUZZ=1 mvn test -pl eris-core -Dtest=CborFuzzTest`.
class CborFuzzTest {
  @FuzzTest
  void whatIsReadHasThisOneEncoding(byte[] input) {
    try {
      assertThat(Cbor.decode(input).encode()).isEqualTo(input);
    } catch (CborException e) {
      assertThat(e.offsetBytes()).isBetween(0, input.length);
    }
  }
}
