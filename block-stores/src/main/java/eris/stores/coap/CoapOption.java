package eris.stores.coap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/// An option of a message: a number and raw bytes. Also those that the RFCs call text are bytes
/// here: block servers get references as 32 octets in a Uri-Query.
public final class CoapOption {
  public static final int URI_HOST = 3;
  public static final int ETAG = 4;
  public static final int URI_PORT = 7;
  public static final int URI_PATH = 11;
  public static final int CONTENT_FORMAT = 12;
  public static final int MAX_AGE = 14;
  public static final int URI_QUERY = 15;
  public static final int ACCEPT = 17;
  public static final int BLOCK2 = 23;
  public static final int BLOCK1 = 27;
  public static final int SIZE2 = 28;
  public static final int PROXY_URI = 35;
  public static final int PROXY_SCHEME = 39;
  public static final int SIZE1 = 60;
  public static final int ECHO = 252;
  public static final int REQUEST_TAG = 292;

  private static final int UINT_MAX_BYTES = 4;

  private final int number;
  private final byte[] value;

  private CoapOption(int number, byte[] value) {
    this.number = number;
    this.value = value;
  }

  public static CoapOption of(int number, byte[] value) {
    return new CoapOption(number, value.clone());
  }

  public static CoapOption text(int number, String text) {
    return new CoapOption(number, text.getBytes(StandardCharsets.UTF_8));
  }

  /// A number of up to 32 bits, in as few bytes as it takes.
  public static CoapOption uint(int number, long value) {
    int bytes = (Long.SIZE - Long.numberOfLeadingZeros(value) + 7) / 8;
    if (bytes > UINT_MAX_BYTES) {
      throw new IllegalArgumentException("an option of more than 32 bits");
    }
    byte[] coded = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      coded[i] = (byte) (value >>> 8 * (bytes - 1 - i));
    }
    return new CoapOption(number, coded);
  }

  /// Keeps `value`.
  static CoapOption owning(int number, byte[] value) {
    return new CoapOption(number, value);
  }

  public int number() {
    return number;
  }

  public int lengthBytes() {
    return value.length;
  }

  public byte[] value() {
    return value.clone();
  }

  /// The value itself, to be read only.
  byte[] bytes() {
    return value;
  }

  /// The value as a number, unless it is longer than any.
  public OptionalLong uint() {
    if (value.length > UINT_MAX_BYTES) {
      return OptionalLong.empty();
    }
    long number = 0;
    for (byte each : value) {
      number = number << 8 | Byte.toUnsignedLong(each);
    }
    return OptionalLong.of(number);
  }

  public boolean isText(String text) {
    return Arrays.equals(value, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Whether a message makes no sense to who does not know the option (RFC 7252, section 5.4.1).
  public boolean isCritical() {
    return (number & 1) != 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CoapOption that
        && number == that.number
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * number + Arrays.hashCode(value);
  }

  /// Without the value: a store's path may be a secret.
  @Override
  public String toString() {
    return "option %d of %d bytes".formatted(number, value.length);
  }
}
