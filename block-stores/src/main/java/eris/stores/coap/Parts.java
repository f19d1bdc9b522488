package eris.stores.coap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// A request and its response, each in parts if it must be (RFC 7959), from the client's side.
///
/// Never takes much more than a body of `maxBodyBytes`: one that is longer comes out cut, and longer
/// than that.
final class Parts {
  private final Exchange exchange;
  private final int maxPayloadBytes;
  private final int maxBodyBytes;

  /// One message there, one back.
  @FunctionalInterface
  interface Exchange {
    CoapMessage send(CoapMessage request) throws IOException;
  }

  Parts(Exchange exchange, int maxPayloadBytes, int maxBodyBytes) {
    this.exchange = exchange;
    this.maxPayloadBytes = maxPayloadBytes;
    this.maxBodyBytes = maxBodyBytes;
  }

  /// Sends the request, the body of which `tag` (RFC 9175) tells from other ones under way.
  CoapMessage send(CoapMessage request, CoapOption tag) throws IOException {
    return request.payload().byteSize() > maxPayloadBytes
        ? upload(request.with(tag))
        : download(request, exchange.send(request));
  }

  private CoapMessage upload(CoapMessage request) throws IOException {
    MemorySegment body = request.payload();
    int exponent = Part.KIB_1;
    long offset = 0;
    while (true) {
      long unit = 16L << exponent;
      long bytes = Math.min(unit, body.byteSize() - offset);
      var part = new Part((int) (offset / unit), offset + bytes < body.byteSize(), exponent);
      CoapMessage response =
          exchange.send(
              request.with(part.toOption(CoapOption.BLOCK1)).with(body.asSlice(offset, bytes)));
      int wanted = Part.of(response, CoapOption.BLOCK1).map(Part::sizeExponent).orElse(exponent);
      boolean smaller = wanted < exponent;
      exponent = Math.min(exponent, wanted);
      if (response.code() == CoapCode.CONTINUE && part.more()) {
        offset += bytes;
      } else if (response.code() != CoapCode.ENTITY_TOO_LARGE || offset > 0 || !smaller) {
        return response;
      }
    }
  }

  private CoapMessage download(CoapMessage request, CoapMessage first) throws IOException {
    Optional<Part> part = Part.of(first, CoapOption.BLOCK2);
    if (first.code() != CoapCode.CONTENT || part.isEmpty() || isWanted(request, part.get())) {
      return first;
    }
    var body = new ByteArrayOutputStream(maxBodyBytes);
    CoapMessage response = first;
    while (add(response, part.get(), body)) {
      int exponent = part.get().sizeExponent();
      int unit = part.get().unitBytes();
      var next = new Part(body.size() / unit, false, exponent);
      response = exchange.send(request.with(next.toOption(CoapOption.BLOCK2)));
      part = Part.of(response, CoapOption.BLOCK2);
      if (response.code() != CoapCode.CONTENT) {
        return response;
      }
      if (part.isEmpty()
          || !response
              .options()
              .first(CoapOption.ETAG)
              .equals(first.options().first(CoapOption.ETAG))) {
        throw new MalformedMessage("a part of another body");
      }
    }
    return first.with(MemorySegment.ofArray(body.toByteArray()));
  }

  /// Whether the caller has asked for this size of parts, and so for this part alone.
  private static boolean isWanted(CoapMessage request, Part part) throws IOException {
    return Part.of(request, CoapOption.BLOCK2)
        .filter(asked -> asked.sizeExponent() < Part.KIB_1 && asked.index() == part.index())
        .isPresent();
  }

  /// Adds a part to the body. Whether others are to follow.
  private boolean add(CoapMessage response, Part part, ByteArrayOutputStream body)
      throws MalformedMessage {
    byte[] payload = response.payload().toArray(ValueLayout.JAVA_BYTE);
    if (part.offsetBytes() != body.size() || !part.allows(payload.length)) {
      throw new MalformedMessage("a part that is out of place");
    }
    body.writeBytes(payload);
    return part.more() && body.size() <= maxBodyBytes;
  }
}
