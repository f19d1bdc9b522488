package eris.image.elf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteOrder;

/// To search: `JAZZER_FUZZ=1 mvn test -pl image-tools -am -Dtest=ElfFuzzTest`.
class ElfFuzzTest {
  private static final int EDIT_BYTES = 4;

  @FuzzTest
  void whatIsReadIsRewrittenAsMeantOrRefused(byte[] input) throws IOException {
    assertThat(ElfDamageTest.outcome(input)).isIn("rewritten", "refused", "malformed");
  }

  /// The first byte says of which class and order a sound file is; each four that follow are a place
  /// in it and what is written there.
  @FuzzTest
  void soundFileWithFewChangesIsReadOrRefused(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    byte[] file =
        ElfDamageTest.sound(
            (input[0] & 1) == 0 ? 64 : 32,
            (input[0] & 2) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    for (int i = 1; i + EDIT_BYTES <= input.length; i += EDIT_BYTES) {
      int at = ((input[i] & 0xff) << 8 | input[i + 1] & 0xff) % (file.length - 1);
      file[at] = input[i + 2];
      file[at + 1] = input[i + 3];
    }
    assertThat(ElfDamageTest.outcome(file)).isIn("rewritten", "refused", "malformed");
  }
}
