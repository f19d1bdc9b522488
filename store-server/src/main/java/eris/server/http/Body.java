package eris.server.http;

import io.netty.handler.codec.http.HttpContent;

/// What becomes of the body of a request.
interface Body {
  /// Takes the next part, which stays the caller's to release.
  ///
  /// @return whether nothing more is wanted
  boolean take(HttpContent part);

  /// Whether no more can be taken for now.
  default boolean isFull() {
    return false;
  }

  /// The rest will not come, or is not wanted.
  void abort();
}
