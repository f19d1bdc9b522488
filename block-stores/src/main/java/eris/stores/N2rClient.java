package eris.stores;

import eris.Reference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Sends N2R requests (EER http, RFC 2169) to one server and waits for the answers. Translates every
/// failure into one line that names the server and nothing that came from it.
///
/// The JDK's client is started by the first request: it has many classes to load, and a reader may
/// find all it wants in a nearer store.
final class N2rClient {
  private static final int MAX_IN_FLIGHT = 16;

  private final URI base;
  private final HttpStore.Limits limits;
  private final Backoff backoff;
  private final Optional<AccessToken> token;
  private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
  private @Nullable HttpClient client; // guarded by this
  private boolean closed; // guarded by this

  N2rClient(URI base, HttpStore.Limits limits, Backoff backoff, Optional<AccessToken> token) {
    this.token = token;
    this.base = base;
    this.limits = limits;
    this.backoff = backoff;
  }

  /// A connection ended before the answer did: a server that started anew, or got tired of it.
  private static final class BrokenConnection extends IOException {
    private static final long serialVersionUID = 1;

    BrokenConnection(String line, @Nullable Throwable cause) {
      super(line, cause);
    }
  }

  /// What messages call the server.
  String server() {
    return "%s://%s:%d".formatted(base.getScheme(), base.getHost(), base.getPort());
  }

  /// The answer, whatever its status, with as much of its body as [BoundedBody] takes.
  HttpResponse<byte[]> send(String method, Reference reference) throws IOException {
    return send(request(method, reference, BodyPublishers.noBody()));
  }

  /// Sends a block. The answer is as that of [#send].
  HttpResponse<byte[]> put(Reference reference, byte[] block) throws IOException {
    return send(request("PUT", reference, BodyPublishers.ofByteArray(block)));
  }

  /// Whatever is asked about blocks can be asked twice. A server that is busy, and a connection that
  /// broke, get another chance; who has kept us waiting to the time limit, or is not there, does not.
  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<byte[]> response = sendOnce(request);
        if (!isBusy(response.statusCode()) || !backoff.mayFollow(attempt)) {
          return response;
        }
      } catch (BrokenConnection e) {
        if (isClosed() || !backoff.mayFollow(attempt)) {
          throw e;
        }
      }
      backoff.pauseAfter(attempt);
    }
  }

  private static boolean isBusy(int status) {
    return switch (status) {
      case 429, 502, 503, 504 -> true;
      default -> false;
    };
  }

  private HttpResponse<byte[]> sendOnce(HttpRequest request) throws IOException {
    try {
      inFlight.acquire();
      try {
        return await(client().sendAsync(request, _ -> new BoundedBody()));
      } finally {
        inFlight.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + server());
    }
  }

  private HttpRequest request(String method, Reference reference, BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/uri-res/N2R?" + reference.toUrn()))
            .method(method, body)
            .header("Accept-Encoding", "identity");
    token.ifPresent(shown -> request.header("Authorization", "Bearer " + shown.reveal()));
    return request.build();
  }

  /// A timeout of the request itself would end with the headers: the body could take for ever.
  private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> response)
      throws IOException, InterruptedException {
    try {
      return response.get(limits.request().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "no answer from %s within %s".formatted(server(), spoken(limits.request())), e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      response.cancel(true); // ends the exchange if it goes on
    }
  }

  private IOException failure(@Nullable Throwable cause) {
    String line =
        switch (cause) {
          case HttpConnectTimeoutException _ ->
              "no connection to %s within %s".formatted(server(), spoken(limits.connect()));
          case ConnectException _ -> "cannot connect to " + server();
          case SSLException _ -> "no secure connection to " + server();
          case ProtocolException _ -> server() + " does not speak http";
          case null, default -> "";
        };
    return line.isEmpty()
        ? new BrokenConnection("the connection to %s broke".formatted(server()), cause)
        : new IOException(line, cause);
  }

  private static String spoken(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  synchronized void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the client of " + server() + " is closed");
    }
  }

  private synchronized HttpClient client() throws IOException {
    requireOpen();
    if (client == null) {
      client = start();
    }
    return client;
  }

  /// HTTP/2 where TLS negotiates it. Without TLS it would take an `Upgrade` header that some servers
  /// stumble over.
  private HttpClient start() {
    boolean tls = base.getScheme().equals("https");
    return HttpClient.newBuilder()
        .version(tls ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(limits.connect())
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  /// Ends the requests that are under way.
  synchronized void close() {
    closed = true;
    if (client != null) {
      client.shutdownNow();
    }
  }
}
