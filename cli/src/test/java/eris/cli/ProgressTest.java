package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private long nanos;

  @Test
  void showsBytesRateAndTimeLeftAfterHalfASecond() {
    try (var progress = new Progress(io("2"), false)) {
      progress.expect(100 << 20);
      progress.advance(1 << 20);
      assertThat(text()).isEmpty();

      nanos += 2_000_000_000;
      progress.advance(19 << 20);
      assertThat(text()).endsWith("20.0 MiB, 10.0 MiB/s of 100.0 MiB (20 %), 0:08 left");
    }
    assertThat(text()).endsWith("\r\033[K");
  }

  @Test
  void isSilentOffTheTerminalAndWhenQuiet() {
    for (Progress progress :
        new Progress[] {new Progress(io("01"), false), new Progress(io("2"), true)}) {
      nanos += 10_000_000_000L;
      progress.advance(1);
      progress.close();
    }
    assertThat(text()).isEmpty();
  }

  @Test
  void redrawsTenTimesASecond() {
    try (var progress = new Progress(io("2"), false)) {
      for (int i = 0; i < 2000; i++) {
        nanos += 1_000_000;
        progress.advance(1);
      }
    }
    assertThat(text().split("\r", -1)).hasSizeBetween(14, 18);
  }

  private Io io(String terminals) {
    return new Io(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        new PrintStream(shown, true, StandardCharsets.UTF_8),
        terminals,
        Map.of(),
        () -> new Random(1),
        () -> nanos);
  }

  private String text() {
    return shown.toString(StandardCharsets.UTF_8);
  }
}
