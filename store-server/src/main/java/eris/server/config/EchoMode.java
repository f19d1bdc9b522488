package eris.server.config;

/// Who is asked to show, before a block is sent over UDP, that the address it comes from is its own
/// (RFC 9175, Echo).
public enum EchoMode {
  /// Everybody but this machine.
  AUTO,
  ON,
  OFF
}
