package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BytesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1000, 1000",
    "5B, 5",
    "64K, 65536",
    "64KiB, 65536",
    "64KB, 64000",
    "2G, 2147483648",
    "7E, 8070450532247928832",
  })
  void sizesAreParsed(String text, long bytes) {
    assertThat(Bytes.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5K", "K", "8E", "1Z", "12 34", "9999999999999999999"})
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Bytes.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1572864, 1.5 MiB",
    "9223372036854775807, 8.0 EiB",
  })
  void sizesAreFormatted(long bytes, String text) {
    assertThat(Bytes.format(bytes)).isEqualTo(text);
  }
}
