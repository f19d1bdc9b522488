package eris.image.closure;

/// Is told how far the encoding of a closure is.
public interface EncodingWatcher {
  /// Nobody.
  EncodingWatcher NONE = new EncodingWatcher() {};

  /// A piece of content of this size comes next.
  default void expect(long bytes) {}

  /// So many bytes more are encoded.
  default void advance(long bytes) {}
}
