package eris.stores.coap;

import java.nio.ByteBuffer;

/// What finds the request to a response: up to 8 bytes of the client's choice.
public record Token(long value, int lengthBytes) {
  public static final Token NONE = new Token(0, 0);
  static final int MAX_BYTES = 8;

  public Token {
    if (lengthBytes < 0 || lengthBytes > MAX_BYTES) {
      throw new IllegalArgumentException("a token has up to 8 bytes");
    }
    if (lengthBytes < MAX_BYTES && value >>> 8 * lengthBytes != 0) {
      throw new IllegalArgumentException("a value of more bytes than the token has");
    }
  }

  static Token readFrom(ByteBuffer source, int lengthBytes) {
    long value = 0;
    for (int i = 0; i < lengthBytes; i++) {
      value = value << 8 | Byte.toUnsignedLong(source.get());
    }
    return new Token(value, lengthBytes);
  }

  void writeTo(ByteBuffer target) {
    for (int i = lengthBytes - 1; i >= 0; i--) {
      target.put((byte) (value >>> 8 * i));
    }
  }
}
