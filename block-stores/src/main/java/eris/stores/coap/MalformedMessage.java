package eris.stores.coap;

import java.io.IOException;

/// Bytes that are no CoAP message.
public final class MalformedMessage extends IOException {
  private static final long serialVersionUID = 1;

  MalformedMessage(String detail) {
    super("malformed coap message: " + detail);
  }
}
