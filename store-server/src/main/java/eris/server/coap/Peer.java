package eris.server.coap;

import java.net.InetSocketAddress;
import java.util.Optional;

/// Who asks, as far as answering depends on it.
///
/// @param address where it is
/// @param identity tells this one from others
/// @param maxMessageBytes it takes a response of, all in all
/// @param challenge to answer with where a response would be larger than what an address that is
///     perhaps not the sender's may get (RFC 9175, Echo)
record Peer(
    Object identity,
    InetSocketAddress address,
    int maxMessageBytes,
    Optional<EchoGate.Challenge> challenge) {}
