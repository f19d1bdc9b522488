package eris.server.coap;

import java.util.Optional;

/// Who asks, as far as answering depends on it.
///
/// @param identity tells this one from others
/// @param maxMessageBytes it takes a response of, all in all
/// @param challenge to answer with where a response would be larger than what an address that is
///     perhaps not the sender's may get (RFC 9175, Echo)
record Peer(Object identity, int maxMessageBytes, Optional<EchoGate.Challenge> challenge) {}
