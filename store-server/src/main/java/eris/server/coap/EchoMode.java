package eris.server.coap;

/// Who is asked to show, before a block is sent, that the address it comes from is its own.
public enum EchoMode {
  /// Everybody but this machine.
  AUTO,
  ON,
  OFF
}
