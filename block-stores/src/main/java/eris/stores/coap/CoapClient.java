package eris.stores.coap;

import java.io.Closeable;
import java.io.IOException;

/// Sends requests to one server and waits for the responses, in parts where they are too large for
/// what carries them. Safe for concurrent use.
interface CoapClient extends Closeable {
  /// The response, whatever its code.
  ///
  /// @param request has no token yet
  /// @throws BrokenExchange if another attempt may do
  CoapMessage send(CoapMessage request) throws IOException;

  /// What carries requests ended before the response came, which another attempt may bring.
  final class BrokenExchange extends IOException {
    private static final long serialVersionUID = 1;

    BrokenExchange(String line) {
      super(line);
    }

    BrokenExchange(String line, Throwable cause) {
      super(line, cause);
    }
  }
}
