package eris.server.blocks;

import java.util.Locale;

/// How requests come in.
public enum Protocol {
  HTTP,
  COAP,
  COAP_TCP,
  COAPS;

  /// In figures and logs: the scheme of its URLs.
  public String scheme() {
    return name().toLowerCase(Locale.ROOT).replace('_', '+');
  }
}
