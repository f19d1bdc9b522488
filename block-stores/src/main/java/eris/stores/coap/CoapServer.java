package eris.stores.coap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

/// The server of a store, as its URL names it.
record CoapServer(String scheme, String host, int port) {
  static CoapServer of(URI base) {
    return new CoapServer(base.getScheme(), base.getHost(), base.getPort());
  }

  /// Looks the address up.
  InetSocketAddress address() throws IOException {
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    var address = new InetSocketAddress(name, port);
    if (address.isUnresolved()) {
      throw new UnknownHostException("no host of the name " + name);
    }
    return address;
  }

  /// Whether it is named, and not by its address.
  boolean hasName() {
    return !host.startsWith("[") && !host.matches("[0-9.]+");
  }

  @Override
  public String toString() {
    return "%s://%s:%d".formatted(scheme, host, port);
  }
}
