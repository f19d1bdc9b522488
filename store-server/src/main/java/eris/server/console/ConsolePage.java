package eris.server.console;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/// The page, as the build made it of `src/main/console`.
///
/// @param policy the Content-Security-Policy without which it must not be served
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record ConsolePage(byte[] html, String policy) {
  /// Reads it.
  ///
  /// @return empty if the daemon was built without it, because there was no npm
  public static Optional<ConsolePage> load() {
    Optional<byte[]> html = read("console.html");
    Optional<byte[]> policy = read("console.csp");
    return html.isEmpty() || policy.isEmpty()
        ? Optional.empty()
        : Optional.of(new ConsolePage(html.get(), new String(policy.get(), US_ASCII)));
  }

  private static Optional<byte[]> read(String name) {
    try (InputStream in = ConsolePage.class.getResourceAsStream(name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
