package eris.stores.coap;

import java.nio.ByteBuffer;

/// A message as it is in a datagram (RFC 7252, section 3):
///
/// ```
/// 0      version (1), type, length of the token   2, 2 and 4 bits
/// 1      code
/// 2..3   message ID                               big-endian
/// 4      token, options, payload
/// ```
public record Datagram(Type type, int id, CoapMessage message) {
  /// What no datagram is longer than: a block of 1 KiB with many options.
  public static final int MAX_BYTES = 2048;

  private static final int HEADER_BYTES = 4;
  private static final int VERSION = 1;

  /// What is expected of the receiver.
  public enum Type {
    CONFIRMABLE(0),
    NON_CONFIRMABLE(1),
    ACKNOWLEDGEMENT(2),
    RESET(3);

    private final int code;

    Type(int code) {
      this.code = code;
    }
  }

  private static final Type[] TYPES = Type.values(); // by their codes

  public Datagram {
    if (id < 0 || id > 0xffff) {
      throw new IllegalArgumentException("a message id has 16 bits");
    }
  }

  /// One without any content: an acknowledgement before the response, a reset, a ping.
  public static Datagram empty(Type type, int id) {
    return new Datagram(type, id, CoapMessage.of(CoapCode.EMPTY));
  }

  /// Reads a whole datagram and copies what it keeps.
  public static Datagram readFrom(ByteBuffer source) throws MalformedMessage {
    if (source.remaining() < HEADER_BYTES) {
      throw new MalformedMessage("shorter than its header");
    }
    int head = Byte.toUnsignedInt(source.get());
    int code = Byte.toUnsignedInt(source.get());
    int id = Short.toUnsignedInt(source.getShort());
    int tokenBytes = head & 0xf;
    if (head >>> 6 != VERSION) {
      throw new MalformedMessage("of another version than 1");
    }
    if (tokenBytes > Token.MAX_BYTES || tokenBytes > source.remaining()) {
      throw new MalformedMessage("a token that is too long");
    }
    if (code == CoapCode.EMPTY && (tokenBytes != 0 || source.hasRemaining())) {
      throw new MalformedMessage("an empty message that is not empty");
    }
    if (code != CoapCode.EMPTY && !CoapCode.isRequest(code) && !CoapCode.isResponse(code)) {
      throw new MalformedMessage("a reserved code");
    }
    Token token = Token.readFrom(source, tokenBytes);
    return new Datagram(TYPES[head >>> 4 & 3], id, CoapMessage.readFrom(source, code, token));
  }

  /// Whether what [#readFrom] cannot read asks for an answer all the same, which then is a reset.
  public static boolean isConfirmable(ByteBuffer source) {
    return source.remaining() >= HEADER_BYTES && (source.get(source.position()) & 0xf0) == 0x40;
  }

  /// The message ID of what [#isConfirmable].
  public static int id(ByteBuffer source) {
    return Short.toUnsignedInt(source.getShort(source.position() + 2));
  }

  public int encodedBytes() {
    return HEADER_BYTES + message.token().lengthBytes() + message.bodyBytes();
  }

  public void writeTo(ByteBuffer target) {
    Token token = message.token();
    target.put((byte) (VERSION << 6 | type.code << 4 | token.lengthBytes()));
    target.put((byte) message.code());
    target.putShort((short) id);
    token.writeTo(target);
    message.writeBodyTo(target);
  }
}
