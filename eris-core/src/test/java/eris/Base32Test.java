package eris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.Base32.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base32Test {
  /// RFC 4648, section 10, without the padding.
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "f, MY",
    "fo, MZXQ",
    "foo, MZXW6",
    "foob, MZXW6YQ",
    "fooba, MZXW6YTB",
    "foobar, MZXW6YTBOI",
  })
  void agreesWithTheRfc(String plain, String base32) throws MalformedException {
    byte[] bytes = plain.getBytes(StandardCharsets.US_ASCII);
    assertThat(Base32.encode(bytes)).isEqualTo(base32).hasSize(Base32.encodedLength(bytes.length));
    assertThat(Base32.decode(base32)).isEqualTo(bytes);
  }

  @Test
  void decodesWhatItEncodes() throws MalformedException {
    var random = new Random(1);
    for (int length = 0; length < 200; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      assertThat(Base32.decode(Base32.encode(bytes))).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "AAA", "AAAAAA", "AAAAAAAAA"})
  void refusesLengthsThatNoBytesHave(String text) {
    assertThatThrownBy(() -> Base32.decode(text))
        .isInstanceOf(MalformedException.class)
        .hasMessage(text.length() + " characters are no whole bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MZ", "MZXR", "MZXW7", "MZXW6YR", "AB"})
  void refusesTrailingBits(String text) {
    assertThatThrownBy(() -> Base32.decode(text))
        .isInstanceOf(MalformedException.class)
        .hasMessage("trailing bits are not zero");
  }

  @Test
  void refusesEveryOtherCharacterAndTellsOnlyWhere() {
    for (int c = 0; c <= Character.MAX_VALUE; c += c < 512 ? 1 : 509) {
      if ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c) >= 0) {
        continue;
      }
      String text = "AAA" + (char) c + "A";
      assertThatThrownBy(() -> Base32.decode(text))
          .isInstanceOf(MalformedException.class)
          .hasMessage("character 4 is not base32");
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 2", "2, 4", "3, 5", "4, 7", "5, 8", "32, 52", "66, 106"})
  void lengthsAreKnownBeforehand(int bytes, int characters) {
    assertThat(Base32.encodedLength(bytes)).isEqualTo(characters);
  }
}
