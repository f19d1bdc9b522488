package eris.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `Range`, of a body of 100 bytes (RFC 9110, section 14).
final class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-99, 0, 100",
    "bytes=0-100, 0, 100",
    "bytes=99-, 99, 1",
    "bytes=10-19, 10, 10",
    "Bytes= 10-19 , 10, 10",
    "bytes=-1, 99, 1",
    "bytes=-100, 0, 100",
    "bytes=-1000, 0, 100",
    "bytes=5-99999999999999999999999999, 5, 95",
    "bytes=-99999999999999999999999999, 0, 100"
  })
  void isPart(String header, long from, long length) {
    assertThat(ByteRange.parse(Optional.of(header), 100))
        .isEqualTo(new ByteRange.Wish.Part(new ByteRange(from, length)));
  }

  @ParameterizedTest
  @CsvSource({"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999-"})
  void isBeyond(String header) {
    assertThat(ByteRange.parse(Optional.of(header), 100)).isEqualTo(new ByteRange.Wish.Beyond());
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=-",
    "bytes=5-4",
    "bytes=0-1;5-6",
    "bytes=a-b",
    "bytes=1",
    "lines=0-1",
    "bytes=0--1",
    "'bytes=0-1,5-6'"
  })
  void isLeftAside(String header) {
    assertThat(ByteRange.parse(Optional.of(header), 100)).isEqualTo(new ByteRange.Wish.All());
  }
}
