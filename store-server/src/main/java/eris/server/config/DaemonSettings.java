package eris.server.config;

/// How the daemon is.
public record DaemonSettings(
    StoreLimits store, HttpSettings http, CoapSettings coap, AccessSettings access) {}
