package eris;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectTest {
  @ParameterizedTest
  @CsvSource({
    "V1_0_0, 1.0.0, true, 0",
    "V0_4_0, 0.4.0, true, 0",
    "V0_4_0_MAY_2022, 0.4.0-dev of May 2022, true, 11",
    "V0_4_0_JANUARY_2022, 0.4.0-dev of January 2022, false, 11",
    "V0_3_0, 0.3.0, false, -1",
    "V0_2_0, 0.2.0, false, -1",
  })
  void differsInRootKeyAndNonce(
      Dialect dialect, String version, boolean checksRootKey, int levelIndex) {
    assertThat(dialect.version()).isEqualTo(version);
    assertThat(dialect.checksRootKey()).isEqualTo(checksRootKey);
    byte[] nonce = new byte[12];
    if (levelIndex >= 0) {
      nonce[levelIndex] = (byte) 200;
    }
    assertThat(dialect.nonce(200)).isEqualTo(nonce);
    assertThat(dialect.nonce(0)).isEqualTo(new byte[12]);
  }
}
