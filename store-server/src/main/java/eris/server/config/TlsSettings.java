package eris.server.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// How the door for HTTP over TLS is. All files are PEM, and read again when settings are.
///
/// @param address to listen at; port 0 is any that is free
/// @param certificates the daemon's own, and those up to a root
/// @param key of the first of them, in PKCS #8
/// @param clientAuthorities who may certify clients; without any, no certificate is asked for
public record TlsSettings(
    InetSocketAddress address, Path certificates, Path key, Optional<Path> clientAuthorities) {}
