package eris.cli;

import eris.stores.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// What the environment says about TLS: whom to trust, and what to show. It holds for all servers of a
/// process.
final class TlsEnvironment {
  private static final String AUTHORITIES = "ERIS_CA_FILE";
  private static final String CERTIFICATE = "ERIS_CERTIFICATE_FILE";
  private static final String KEY = "ERIS_CERTIFICATE_KEY_FILE";

  private TlsEnvironment() {}

  /// Sees to it that a server is spoken to as the environment says, if that is by TLS.
  static void prepare(Io io, URI server) throws IOException {
    Optional<Path> authorities = file(io, AUTHORITIES);
    Optional<Path> certificate = file(io, CERTIFICATE);
    boolean isSet = authorities.isPresent() || certificate.isPresent();
    if (isSet && server.getScheme().equalsIgnoreCase("https")) {
      var identity =
          certificate.map(shown -> new TlsFiles.Identity(shown, file(io, KEY).orElse(shown)));
      SSLContext.setDefault(new TlsFiles(authorities, identity).context());
    }
  }

  private static Optional<Path> file(Io io, String variable) {
    return io.variable(variable).map(Path::of);
  }
}
