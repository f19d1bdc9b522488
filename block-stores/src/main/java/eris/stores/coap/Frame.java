package eris.stores.coap;

import java.nio.ByteBuffer;
import java.util.Optional;

/// A message as it is in a stream (RFC 8323, section 3.2):
///
/// ```
/// 0      length of options and payload, length of the token   4 and 4 bits
/// 1      0, 1, 2 or 4 further bytes of length                 big-endian, if above 12
/// …      code
/// …      token, options, payload
/// ```
public final class Frame {
  private static final int ONE_BYTE = 13;
  private static final int TWO_BYTES = 14;
  private static final int FOUR_BYTES = 15;
  private static final int FROM_TWO_BYTES = 269;
  private static final int FROM_FOUR_BYTES = 65_805;

  private Frame() {}

  /// Reads the next message, or nothing at all as long as some of it is missing. Copies what it
  /// keeps.
  ///
  /// @throws MalformedMessage also if the message is longer than `maxBytes`
  public static Optional<CoapMessage> readFrom(ByteBuffer source, int maxBytes)
      throws MalformedMessage {
    int start = source.position();
    long size = size(source, maxBytes);
    if (size > source.remaining()) {
      return Optional.empty();
    }
    int head = Byte.toUnsignedInt(source.get(start));
    ByteBuffer frame = source.slice(start, (int) size);
    source.position(start + (int) size);
    frame.position(1 + extensionBytes(head >>> 4));
    int code = Byte.toUnsignedInt(frame.get());
    Token token = Token.readFrom(frame, head & 0xf);
    return Optional.of(CoapMessage.readFrom(frame, code, token));
  }

  /// The bytes of the message that begins at the position of `source`: at least, as long as so
  /// little of it is there that they are not known.
  static long size(ByteBuffer source, int maxBytes) throws MalformedMessage {
    if (!source.hasRemaining()) {
      return 1;
    }
    int start = source.position();
    int head = Byte.toUnsignedInt(source.get(start));
    int extension = extensionBytes(head >>> 4);
    int tokenBytes = head & 0xf;
    if (tokenBytes > Token.MAX_BYTES) {
      throw new MalformedMessage("a token that is too long");
    }
    if (source.remaining() < 1 + extension) {
      return 1L + extension;
    }
    long body =
        switch (extension) {
          case 0 -> head >>> 4;
          case 1 -> ONE_BYTE + Byte.toUnsignedLong(source.get(start + 1));
          case 2 -> FROM_TWO_BYTES + Short.toUnsignedLong(source.getShort(start + 1));
          default -> FROM_FOUR_BYTES + Integer.toUnsignedLong(source.getInt(start + 1));
        };
    long size = 2L + extension + tokenBytes + body;
    if (size > maxBytes) {
      throw new MalformedMessage("%d bytes, want at most %d".formatted(size, maxBytes));
    }
    return size;
  }

  private static int extensionBytes(int nibble) {
    return switch (nibble) {
      case ONE_BYTE -> 1;
      case TWO_BYTES -> 2;
      case FOUR_BYTES -> 4;
      default -> 0;
    };
  }

  public static int encodedBytes(CoapMessage message) {
    int body = message.bodyBytes();
    return 2 + extensionBytes(nibble(body)) + message.token().lengthBytes() + body;
  }

  public static void writeTo(ByteBuffer target, CoapMessage message) {
    int body = message.bodyBytes();
    target.put((byte) (nibble(body) << 4 | message.token().lengthBytes()));
    switch (nibble(body)) {
      case ONE_BYTE -> target.put((byte) (body - ONE_BYTE));
      case TWO_BYTES -> target.putShort((short) (body - FROM_TWO_BYTES));
      case FOUR_BYTES -> target.putInt(body - FROM_FOUR_BYTES);
      default -> {}
    }
    target.put((byte) message.code());
    message.token().writeTo(target);
    message.writeBodyTo(target);
  }

  private static int nibble(int body) {
    if (body < ONE_BYTE) {
      return body;
    }
    return body < FROM_TWO_BYTES ? ONE_BYTE : body < FROM_FOUR_BYTES ? TWO_BYTES : FOUR_BYTES;
  }
}
