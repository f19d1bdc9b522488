package eris.stores.daemon;

import eris.stores.Backoff;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Sends requests to a daemon on this machine, over a few connections that are kept.
final class DaemonClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path socket;
  private final String daemon;
  private final Backoff backoff;
  private final Deque<Wire> idle = new ArrayDeque<>(); // guarded by this
  private boolean closed; // guarded by this

  DaemonClient(Path socket, Backoff backoff) {
    this.socket = socket;
    this.backoff = backoff;
    daemon = "the daemon at " + socket;
  }

  /// The body of a request.
  @FunctionalInterface
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /// What is made of an answer, whose body is read to its end.
  @FunctionalInterface
  interface Reading<T> {
    T read(HttpAnswer answer) throws IOException;
  }

  /// What messages call the other side.
  String daemon() {
    return daemon;
  }

  /// Posts to a path. Whatever is asked about blocks can be asked twice: a connection that had been
  /// idle, and a daemon that is busy, get another chance.
  <T> T post(String path, long length, Body body, Reading<T> reading) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Wire kept = takeIdle();
      Wire wire = kept == null ? open() : kept;
      try {
        HttpAnswer answer = send(wire, path, length, body);
        if (answer.status() != 503 || !backoff.mayFollow(attempt)) {
          T result = reading.read(answer);
          release(wire, answer);
          return result;
        }
        wire.close();
        backoff.pauseAfter(attempt);
      } catch (StaleConnection e) {
        wire.close();
        if (kept == null || !backoff.mayFollow(attempt)) {
          throw new IOException("the connection to %s broke".formatted(daemon), e);
        }
      } catch (IOException | RuntimeException e) {
        wire.close();
        throw e;
      }
    }
  }

  /// No answer came at all.
  private static final class StaleConnection extends IOException {
    private static final long serialVersionUID = 1;

    StaleConnection(IOException cause) {
      super(cause);
    }
  }

  private Wire open() throws IOException {
    try {
      return Wire.to(socket, daemon, PATIENCE);
    } catch (IOException e) {
      throw new IOException("cannot connect to " + daemon, e);
    }
  }

  /// Who stops listening may have said why.
  private HttpAnswer send(Wire wire, String path, long length, Body body) throws IOException {
    try {
      var out = new BufferedOutputStream(wire.out(), BUFFER_BYTES);
      out.write(head(path, length).getBytes(StandardCharsets.US_ASCII));
      body.writeTo(out);
      out.flush();
    } catch (IOException e) {
      return answer(wire, e);
    }
    return answer(wire, null);
  }

  private static String head(String path, long length) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/cbor-seq\r\nContent-Length: %d\r\n\r\n"
        .formatted(path, length);
  }

  private HttpAnswer answer(Wire wire, @Nullable IOException broken) throws IOException {
    try {
      return HttpAnswer.readFrom(wire.in());
    } catch (ProtocolException e) {
      throw new IOException(daemon + " does not speak http", e);
    } catch (IOException e) {
      throw new StaleConnection(broken == null ? e : broken);
    }
  }

  private void release(Wire wire, HttpAnswer answer) throws IOException {
    try (InputStream rest = answer.body()) {
      if (!answer.isKeptAlive() || rest.read() >= 0 || !keep(wire)) {
        wire.close();
      }
    }
  }

  private synchronized boolean keep(Wire wire) {
    if (!closed) {
      idle.push(wire);
    }
    return !closed;
  }

  private synchronized @Nullable Wire takeIdle() throws IOException {
    requireOpen();
    return idle.poll();
  }

  synchronized void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the client of %s is closed".formatted(daemon));
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    for (Wire wire : idle) {
      wire.close();
    }
    idle.clear();
  }
}
