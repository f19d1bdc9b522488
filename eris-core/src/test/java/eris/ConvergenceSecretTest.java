package eris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvergenceSecretTest {
  @Test
  void nullSecretIsAllZeros() {
    assertThat(bytesOf(ConvergenceSecret.nullSecret())).hasSize(32).containsOnly(0);
  }

  @Test
  void keepsItsOwnCopy() {
    byte[] bytes = Samples.bytes(1, 32);
    var secret = ConvergenceSecret.copyOf(bytes);
    bytes[0]++;
    assertThat(bytesOf(secret)).isEqualTo(Samples.bytes(1, 32));
  }

  @Test
  void randomSecretIsWhatTheGeneratorGives() {
    assertThat(bytesOf(ConvergenceSecret.random(new Random(1)))).isEqualTo(Samples.bytes(1, 32));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 64})
  void refusesAnotherLength(int length) {
    assertThatThrownBy(() -> ConvergenceSecret.copyOf(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a convergence secret is " + length + " bytes, want 32");
  }

  private static byte[] bytesOf(ConvergenceSecret secret) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[34]);
    secret.writeTo(bytes, 1);
    return bytes.asSlice(1, 32).toArray(ValueLayout.JAVA_BYTE);
  }
}
