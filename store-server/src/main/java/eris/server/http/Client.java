package eris.server.http;

/// Somebody whom the door has let in: a connection, or one stream of it.
interface Client {
  /// Whether nothing of a request has come that is not answered.
  boolean isIdle();

  /// Ends it if it has kept us waiting for too long, at a time of [System#nanoTime].
  void cutIfLate(long now);
}
