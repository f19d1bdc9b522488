package eris.server.http;

import java.util.Optional;

/// What a request asks for: the path and the raw query, and the host if it is named before them.
///
/// @param query without its question mark; empty if there is none
record Target(Optional<String> authority, String path, String query) {
  /// Takes the forms `/path?query` and `http://host/path?query` of RFC 9112, and `*`.
  ///
  /// @return empty if it is neither
  static Optional<Target> parse(String uri) {
    if (uri.startsWith("/") || uri.equals("*")) {
      return Optional.of(of(Optional.empty(), uri));
    }
    int scheme = uri.indexOf("://");
    if (scheme != 4 && scheme != 5 || !uri.regionMatches(true, 0, "http", 0, 4)) {
      return Optional.empty();
    }
    int slash = uri.indexOf('/', scheme + 3);
    int end = slash < 0 ? uri.length() : slash;
    return Optional.of(
        of(Optional.of(uri.substring(scheme + 3, end)), slash < 0 ? "/" : uri.substring(slash)));
  }

  private static Target of(Optional<String> authority, String rest) {
    int mark = rest.indexOf('?');
    return mark < 0
        ? new Target(authority, rest, "")
        : new Target(authority, rest.substring(0, mark), rest.substring(mark + 1));
  }
}
