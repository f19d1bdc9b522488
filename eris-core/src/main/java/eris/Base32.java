package eris;

import java.util.Arrays;

/// Base32 as ERIS writes it (RFC 4648, section 6): upper case, no padding, one spelling per value.
public final class Base32 {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final byte[] DIGITS = digits();

  private Base32() {}

  /// Text that is not the Base32 of anything. The message tells where, never what: it may be a secret.
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String detail;

    private MalformedException(String detail) {
      super(detail);
      this.detail = detail;
    }

    String detail() {
      return detail;
    }
  }

  /// The characters that `byteCount` bytes take.
  public static int encodedLength(int byteCount) {
    return (byteCount * 8 + 4) / 5;
  }

  public static String encode(byte[] bytes) {
    var text = new StringBuilder(encodedLength(bytes.length));
    int buffer = 0;
    int bits = 0;
    for (byte b : bytes) {
      buffer = buffer << 8 | b & 0xff;
      for (bits += 8; bits >= 5; bits -= 5) {
        text.append(ALPHABET.charAt(buffer >>> (bits - 5) & 31));
      }
    }
    if (bits > 0) {
      text.append(ALPHABET.charAt(buffer << (5 - bits) & 31));
    }
    return text.toString();
  }

  /// @throws MalformedException for any other character, a length that no bytes have, or trailing
  ///     bits that are not zero (which would give one value several spellings)
  public static byte[] decode(String text) throws MalformedException {
    byte[] bytes = new byte[text.length() * 5 / 8];
    if (encodedLength(bytes.length) != text.length()) {
      throw new MalformedException("%d characters are no whole bytes".formatted(text.length()));
    }
    int buffer = 0;
    int bits = 0;
    int next = 0;
    for (int i = 0; i < text.length(); i++) {
      buffer = buffer << 5 | digit(text, i);
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[next++] = (byte) (buffer >>> bits);
      }
    }
    if ((buffer & (1 << bits) - 1) != 0) {
      throw new MalformedException("trailing bits are not zero");
    }
    return bytes;
  }

  private static int digit(String text, int index) throws MalformedException {
    char c = text.charAt(index);
    int digit = c < DIGITS.length ? DIGITS[c] : -1;
    if (digit < 0) {
      throw new MalformedException("character %d is not base32".formatted(index + 1));
    }
    return digit;
  }

  private static byte[] digits() {
    byte[] digits = new byte[128];
    Arrays.fill(digits, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      digits[ALPHABET.charAt(i)] = (byte) i;
    }
    return digits;
  }
}
