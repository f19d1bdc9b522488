package eris.image.closure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShebangTest {
  private static final Path SCRIPT = Path.of("script");

  @Test
  void theInterpreterHasOneArgumentAndBlanksAreNone() throws ClosureException {
    assertThat(parse("#! \t/bin/sh  -e -u \n"))
        .isEqualTo(new Shebang(Path.of("/bin/sh"), Optional.of("-e -u")));
    assertThat(parse("#!/bin/sh")).isEqualTo(new Shebang(Path.of("/bin/sh"), Optional.empty()));
  }

  /// As Linux, which does not find that interpreter either.
  @Test
  void aCarriageReturnIsPartOfAWord() throws ClosureException {
    assertThat(parse("#!/bin/sh\r\n").interpreter()).isEqualTo(Path.of("/bin/sh\r"));
    assertThat(parse("#!/bin/perl -w\r\n").argument()).contains("-w\r");
  }

  @ParameterizedTest
  @ValueSource(strings = {"#!/bin/sh\0-e\n", "#!/bin/awk -F\u00a7\n", "#!sh\n", "#!\n"})
  void whatIsNoPathOrNoTextIsRefused(String line) {
    assertThatExceptionOfType(ClosureException.class)
        .isThrownBy(() -> parse(line))
        .withMessageStartingWith("script: ");
  }

  private static Shebang parse(String start) throws ClosureException {
    return Shebang.parse(SCRIPT, start.getBytes(StandardCharsets.ISO_8859_1), List.of());
  }
}
