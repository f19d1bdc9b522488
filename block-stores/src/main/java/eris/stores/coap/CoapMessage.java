package eris.stores.coap;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A request, a response or a signal, whatever carries it.
///
/// @param payload without bytes if there is none; belongs to the message
public record CoapMessage(int code, Token token, CoapOptions options, MemorySegment payload) {
  public static final MemorySegment NO_PAYLOAD = MemorySegment.ofArray(new byte[0]);

  public CoapMessage {
    if (code < 0 || code > 0xff) {
      throw new IllegalArgumentException("a code has eight bits");
    }
  }

  public static CoapMessage of(int code, CoapOption... options) {
    return new CoapMessage(code, Token.NONE, CoapOptions.of(options), NO_PAYLOAD);
  }

  /// A response with one line for people.
  public static CoapMessage diagnostic(int code, String line) {
    return of(code).with(MemorySegment.ofArray(line.getBytes(StandardCharsets.UTF_8)));
  }

  public CoapMessage with(CoapOption option) {
    return new CoapMessage(code, token, options.with(option), payload);
  }

  public CoapMessage with(MemorySegment newPayload) {
    return new CoapMessage(code, token, options, newPayload);
  }

  public CoapMessage with(Token newToken) {
    return new CoapMessage(code, newToken, options, payload);
  }

  /// Reads what follows code and token. Copies what it keeps.
  static CoapMessage readFrom(ByteBuffer source, int code, Token token) throws MalformedMessage {
    CoapOptions options = CoapOptions.readFrom(source);
    if (!source.hasRemaining()) {
      return new CoapMessage(code, token, options, NO_PAYLOAD);
    }
    byte[] payload = new byte[source.remaining()];
    source.get(payload);
    return new CoapMessage(code, token, options, MemorySegment.ofArray(payload));
  }

  /// The bytes of options and payload, with the mark between them.
  int bodyBytes() {
    return options.encodedBytes() + (hasPayload() ? 1 + Math.toIntExact(payload.byteSize()) : 0);
  }

  void writeBodyTo(ByteBuffer target) {
    options.writeTo(target);
    if (hasPayload()) {
      CoapOptions.writePayloadMarker(target);
      int size = Math.toIntExact(payload.byteSize());
      MemorySegment.ofBuffer(target).asSlice(0, size).copyFrom(payload);
      target.position(target.position() + size);
    }
  }

  public boolean hasPayload() {
    return payload.byteSize() != 0;
  }

  /// Without what it is about.
  @Override
  public String toString() {
    return "%s with %d options and %d bytes"
        .formatted(CoapCode.spoken(code), options.all().size(), payload.byteSize());
  }
}
