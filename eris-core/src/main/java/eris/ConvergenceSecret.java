package eris;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/// Keys the hash that derives leaf keys: equal content and equal secret give equal blocks.
///
/// Only the encoder needs it; it is not in the capability. A secret: prints redacted.
public final class ConvergenceSecret {
  public static final int BYTES = 32;
  private static final ConvergenceSecret NULL = new ConvergenceSecret(new byte[BYTES]);

  private final byte[] bytes;

  private ConvergenceSecret(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The all-zero secret: whoever guesses the content can confirm that it is stored.
  public static ConvergenceSecret nullSecret() {
    return NULL;
  }

  /// A fresh secret: the content deduplicates with nothing. Only as good as `random`: use a
  /// [java.security.SecureRandom].
  public static ConvergenceSecret random(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new ConvergenceSecret(bytes);
  }

  public static ConvergenceSecret copyOf(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "a convergence secret is %d bytes, want %d".formatted(bytes.length, BYTES));
    }
    return new ConvergenceSecret(bytes.clone());
  }

  public void writeTo(MemorySegment target, long offset) {
    MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, offset, BYTES);
  }

  @Override
  public String toString() {
    return "ConvergenceSecret[redacted]";
  }
}
