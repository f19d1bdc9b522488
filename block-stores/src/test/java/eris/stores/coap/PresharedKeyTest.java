package eris.stores.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PresharedKeyTest {
  private static final String KEY = "00112233445566778899AABBCCDDEEff";

  @TempDir Path directory;

  @Test
  void keysAreReadOneALine() throws IOException {
    Path file = write("# those of the cellar\n\nalice:%s\r\n  b:ob:%1$s%1$s\n".formatted(KEY));
    List<PresharedKey> keys = PresharedKey.readAll(file);
    assertThat(keys).extracting(PresharedKey::name).containsExactly("alice", "b:ob");
    assertThat(keys.getFirst().key()).isEqualTo(HexFormat.of().parseHex(KEY));
    assertThat(keys.getLast().key()).hasSize(32);
    assertThat(keys.getFirst()).hasToString("PresharedKey[alice, redacted]");
  }

  @ParameterizedTest
  @CsvSource({
    "secret, 'line 1 of keys is no key, want NAME:HEXADECIMAL'",
    ":00112233445566778899aabbccddeeff, 'line 1 of keys is no key, want NAME:HEXADECIMAL'",
    "a:secret, line 1 of keys has a key that is not hexadecimal",
    "a:00, 'line 1 of keys has a key of 1 bytes, want 16 to 64'",
  })
  void malformedLineIsNotRepeated(String line, String message) throws IOException {
    Path file = write(line);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> PresharedKey.readAll(file))
        .withMessage(message)
        .withNoCause();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("keys"), text);
  }
}
