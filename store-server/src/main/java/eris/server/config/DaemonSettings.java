package eris.server.config;

/// How the daemon is.
///
/// @param requests whether each has its line in the log
public record DaemonSettings(
    StoreLimits store,
    HttpSettings http,
    CoapSettings coap,
    AccessSettings access,
    Requests requests) {

  /// Whether requests have lines in the log.
  public enum Requests {
    LOGGED,
    UNLOGGED
  }

  /// Without a log of requests.
  public DaemonSettings(
      StoreLimits store, HttpSettings http, CoapSettings coap, AccessSettings access) {
    this(store, http, coap, access, Requests.UNLOGGED);
  }
}
