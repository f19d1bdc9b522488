package eris.server.coap;

import eris.stores.coap.CoapMessage;
import java.io.IOException;

/// Why a request is not done, as a response.
final class Refusal extends IOException {
  private static final long serialVersionUID = 1;

  private final transient CoapMessage response;

  Refusal(int code, String line) {
    this(CoapMessage.diagnostic(code, line));
  }

  Refusal(CoapMessage response) {
    super(response.toString());
    this.response = response;
  }

  CoapMessage response() {
    return response;
  }
}
