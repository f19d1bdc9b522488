package eris;

import java.util.Objects;

/// The public name of an object at load time: `eris-` and the Base32 of its root reference.
///
/// A name, not an authority: it tells which object is meant, and reads nothing.
public record Handle(Reference root) {
  private static final String PREFIX = "eris-";

  public Handle {
    Objects.requireNonNull(root);
  }

  /// @throws ErisException.MalformedReference if `text` is not `eris-` and 52 Base32 characters
  public static Handle parse(String text) throws ErisException.MalformedReference {
    if (!text.startsWith(PREFIX)) {
      throw new ErisException.MalformedReference("a handle starts with " + PREFIX);
    }
    String digits = text.substring(PREFIX.length());
    if (digits.length() != Base32.encodedLength(Reference.BYTES)) {
      throw new ErisException.MalformedReference(
          "%d characters after %s".formatted(digits.length(), PREFIX));
    }
    return new Handle(Reference.parse(digits));
  }

  @Override
  public String toString() {
    return PREFIX + root;
  }
}
