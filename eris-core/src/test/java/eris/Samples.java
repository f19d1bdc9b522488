package eris;

import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Values for tests, different and repeatable.
public final class Samples {
  private Samples() {}

  public static byte[] bytes(long seed, int count) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  public static Reference reference(long seed) {
    return Reference.readFrom(MemorySegment.ofArray(bytes(seed, Reference.BYTES)), 0);
  }

  public static Key key(long seed) {
    return Key.readFrom(MemorySegment.ofArray(bytes(~seed, Key.BYTES)), 0);
  }

  public static ReferenceKeyPair pair(long seed) {
    return new ReferenceKeyPair(reference(seed), key(seed));
  }

  public static ConvergenceSecret secret(long seed) {
    return ConvergenceSecret.copyOf(bytes(seed, ConvergenceSecret.BYTES));
  }
}
