package eris.stores.sync;

/// What a session did, as one side saw it.
///
/// @param sentBlocks that went to the other side, where they are durable
/// @param receivedBlocks that came and are durable here
/// @param sentBytes all that went over the channel, not only blocks
/// @param receivedBytes all that came
/// @param roundTrips how often the side that began waited for an answer
public record SyncResult(
    long sentBlocks, long receivedBlocks, long sentBytes, long receivedBytes, int roundTrips) {}
