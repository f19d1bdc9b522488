package eris.stores.daemon;

import eris.store.StoreException;
import eris.stores.AccessToken;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// A session with a daemon, over HTTP: `GET /eris/v1/sync` with `Upgrade: eris-sync`, then bytes both
/// ways (`docs/formats/sync.md`).
public final class SyncConnection implements Closeable {
  private static final Duration SILENCE = Duration.ofMinutes(2); // it may look through its store
  private static final String PROTOCOL = "eris-sync";

  private final Wire wire;

  private SyncConnection(Wire wire) {
    this.wire = wire;
  }

  /// There is a server, but none that can do this.
  public static final class NoSync extends IOException {
    private static final long serialVersionUID = 1;

    NoSync(String line) {
      super(line);
    }
  }

  /// Connects to a server.
  ///
  /// @param base with its port, and without a slash at its end
  /// @throws NoSync if it is none of ours, or cannot tell what it holds
  /// @throws StoreException.Refused if it wants another token, or any
  public static SyncConnection open(URI base, Optional<AccessToken> token) throws IOException {
    String server = "%s://%s:%d".formatted(base.getScheme(), base.getHost(), base.getPort());
    Wire wire = Wire.to(base, server, SILENCE);
    boolean opened = false;
    try {
      wire.out().write(request(base, token).getBytes(StandardCharsets.US_ASCII));
      requireSession(answer(wire, server), server);
      opened = true;
      return new SyncConnection(wire);
    } finally {
      if (!opened) {
        wire.close();
      }
    }
  }

  private static String request(URI base, Optional<AccessToken> token) {
    String path = base.getRawPath() == null ? "" : base.getRawPath();
    return "GET %s/eris/v1/sync HTTP/1.1\r\nHost: %s:%d\r\nConnection: Upgrade\r\nUpgrade: %s\r\n"
            .formatted(path, base.getHost(), base.getPort(), PROTOCOL)
        + token.map(shown -> "Authorization: Bearer " + shown.reveal() + "\r\n").orElse("")
        + "\r\n";
  }

  private static HttpAnswer answer(Wire wire, String server) throws IOException {
    try {
      return HttpAnswer.readFrom(wire.in());
    } catch (ProtocolException | EOFException e) {
      throw new NoSync(server + " does not speak http");
    }
  }

  private static void requireSession(HttpAnswer answer, String server) throws IOException {
    int status = answer.status();
    switch (status) {
      case 101 -> {
        if (!answer.header("upgrade").orElse("").equalsIgnoreCase(PROTOCOL)) {
          throw new NoSync(server + " changes to another protocol");
        }
      }
      case 401 -> throw new StoreException.Refused(server, "status 401: it wants a token");
      case 403 -> throw new StoreException.Refused(server, "status 403");
      case 501 -> throw new NoSync(server + " serves a store that cannot tell what it holds");
      case 503 -> throw new IOException(server + " has too much to do, try again");
      default -> throw new NoSync("%s cannot sync, it answers %d".formatted(server, status));
    }
  }

  public InputStream in() {
    return wire.in();
  }

  /// Not buffered.
  public OutputStream out() {
    return wire.out();
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
