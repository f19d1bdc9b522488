package eris.server.config;

/// How much is asked of the store at a time.
///
/// @param threads that wait for the store; as many puts share a flush
/// @param waiting requests, at most, that no thread is free for
/// @param cacheBytes of verified blocks that are held in memory
public record StoreLimits(int threads, int waiting, long cacheBytes) {
  public static final StoreLimits DEFAULT = new StoreLimits(64, 4096, 64L << 20);
}
