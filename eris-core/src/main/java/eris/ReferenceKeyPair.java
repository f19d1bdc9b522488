package eris;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// What it takes to fetch and decrypt one block (ERIS 1.0.0, reference-key pair).
///
/// ```
/// 0..31    reference
/// 32..63   key
/// ```
public record ReferenceKeyPair(Reference reference, Key key) {
  public static final int BYTES = Reference.BYTES + Key.BYTES;

  public ReferenceKeyPair {
    Objects.requireNonNull(reference);
    Objects.requireNonNull(key);
  }

  public static ReferenceKeyPair readFrom(MemorySegment source, long offset) {
    return new ReferenceKeyPair(
        Reference.readFrom(source, offset), Key.readFrom(source, offset + Reference.BYTES));
  }

  public void writeTo(MemorySegment target, long offset) {
    reference.writeTo(target, offset);
    key.writeTo(target, offset + Reference.BYTES);
  }
}
