package eris;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// The ChaCha20 key of one block. A secret: prints as `Key[redacted]`, compares in constant time.
public final class Key {
  public static final int BYTES = Words.BYTES;

  private final long w0;
  private final long w1;
  private final long w2;
  private final long w3;

  private Key(long w0, long w1, long w2, long w3) {
    this.w0 = w0;
    this.w1 = w1;
    this.w2 = w2;
    this.w3 = w3;
  }

  public static Key readFrom(MemorySegment source, long offset) {
    Objects.checkFromIndexSize(offset, BYTES, source.byteSize());
    return new Key(
        Words.read(source, offset, 0),
        Words.read(source, offset, 1),
        Words.read(source, offset, 2),
        Words.read(source, offset, 3));
  }

  public void writeTo(MemorySegment target, long offset) {
    Objects.checkFromIndexSize(offset, BYTES, target.byteSize());
    Words.write(target, offset, w0, w1, w2, w3);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key that
        && (w0 ^ that.w0 | w1 ^ that.w1 | w2 ^ that.w2 | w3 ^ that.w3) == 0;
  }

  /// Itself the output of a hash, so one word of it spreads well enough.
  @Override
  public int hashCode() {
    return Long.hashCode(w0);
  }

  @Override
  public String toString() {
    return "Key[redacted]";
  }
}
