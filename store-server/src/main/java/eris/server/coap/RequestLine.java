package eris.server.coap;

import eris.server.blocks.Protocol;
import eris.server.config.RequestEntry;
import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.CoapOption;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/// What the log of requests tells of those over CoAP: of their options only what this server knows,
/// and references of blocks.
final class RequestLine {
  private static final String UNKNOWN = "-";
  private static final String PATH = "/.well-known/eris/blocks";
  private static final int NANOS_PER_MICRO = 1000;

  private RequestLine() {}

  static RequestEntry of(
      Protocol protocol,
      InetSocketAddress peer,
      CoapMessage request,
      CoapMessage response,
      long nanos) {
    return new RequestEntry(
        Instant.now(),
        protocol.scheme(),
        peer,
        method(request),
        target(request),
        CoapCode.spoken(response.code()),
        response.payload().byteSize(),
        nanos / NANOS_PER_MICRO,
        Optional.empty());
  }

  private static String method(CoapMessage request) {
    return switch (request.code()) {
      case CoapCode.GET -> "GET";
      case CoapCode.PUT -> "PUT";
      default -> UNKNOWN;
    };
  }

  private static String target(CoapMessage request) {
    if (!request.options().all(CoapOption.URI_PATH).equals(BlockResource.BLOCKS)) {
      return UNKNOWN;
    }
    try {
      return PATH + "?" + BlockResource.reference(request).toUrn();
    } catch (Refusal _) { // none is named
      return PATH;
    }
  }
}
