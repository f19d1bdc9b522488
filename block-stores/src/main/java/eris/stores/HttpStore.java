package eris.stores;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Blocks on a server, over HTTP (EER http): `GET`, `HEAD` and `PUT /uri-res/N2R?urn:blake2b:…`.
///
/// The server is not trusted: every block is hashed, never more than one byte beyond a block is taken
/// (and what the JDK's buffers hold by then), and every request ends within its time limit. Up to 16
/// requests are under way at a time. A server that is busy, or hangs up, is asked up to five times,
/// with growing pauses.
public final class HttpStore implements BlockStore {
  private final N2rClient client;

  /// How long to wait: for a connection, and for all of an answer, connecting included.
  public record Limits(Duration connect, Duration request) {
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(30));

    public Limits {
      if (!connect.isPositive() || !request.isPositive()) {
        throw new IllegalArgumentException("a time limit must be positive");
      }
    }
  }

  public HttpStore(StoreUrl.Http url) {
    this(url, Limits.DEFAULT);
  }

  public HttpStore(StoreUrl.Http url, Limits limits) {
    this(url, limits, Clock.SYSTEM, new Random());
  }

  /// Shows the token with every request.
  public HttpStore(StoreUrl.Http url, AccessToken token) {
    this(url, Limits.DEFAULT, Clock.SYSTEM, new Random(), Optional.of(token));
  }

  /// Sends nothing yet.
  ///
  /// @param random for pauses between attempts; safe for concurrent use
  public HttpStore(StoreUrl.Http url, Limits limits, Clock clock, RandomGenerator random) {
    this(url, limits, clock, random, Optional.empty());
  }

  private HttpStore(
      StoreUrl.Http url,
      Limits limits,
      Clock clock,
      RandomGenerator random,
      Optional<AccessToken> token) {
    client = new N2rClient(url.base(), limits, new Backoff(clock, random), token);
  }

  /// @throws CorruptBlock if the server answers with anything but the block
  /// @throws StoreException.Refused if it wants credentials
  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    return fetch(reference)
        .map(block -> target.asSlice(0, block.length).copyFrom(MemorySegment.ofArray(block)));
  }

  /// Has many requests under way at a time, one for each distinct reference. Stops at the first
  /// failure: [#get] tells more about it.
  @Override
  public BitSet getAll(BlockBatch batch) throws IOException {
    client.requireOpen();
    return ManyRequests.getAll(batch, this::fetch);
  }

  private Optional<byte[]> fetch(Reference reference) throws IOException {
    HttpResponse<byte[]> response = client.send("GET", reference);
    if (!isHeld(response)) {
      return Optional.empty();
    }
    byte[] block = response.body();
    if (block.length == BoundedBody.MAX_BYTES) {
      throw new CorruptBlock(reference, "holds more than 32768 bytes");
    }
    VerifiedSource.requireAuthentic(reference, MemorySegment.ofArray(block));
    return Optional.of(block);
  }

  @Override
  public boolean contains(Reference reference) throws IOException {
    return isHeld(client.send("HEAD", reference));
  }

  private boolean isHeld(HttpResponse<?> response) throws IOException {
    return switch (response.statusCode()) {
      case 200 -> {
        requireIdentity(response);
        yield true;
      }
      case 404 -> false;
      default -> throw failure(response);
    };
  }

  /// What an answer means that is not one of those that were hoped for.
  private IOException failure(HttpResponse<?> response) {
    int status = response.statusCode();
    return switch (status) {
      case 401 -> new StoreException.Refused(client.server(), "status 401: it wants a token");
      case 403 -> new StoreException.Refused(client.server(), "status 403");
      case 301, 302, 303, 307, 308 ->
          new IOException(client.server() + " redirects, and that is not followed");
      default -> new IOException("%s answers %d".formatted(client.server(), status));
    };
  }

  private void requireIdentity(HttpResponse<?> response) throws IOException {
    for (String coding : response.headers().allValues("Content-Encoding")) {
      if (!coding.equalsIgnoreCase("identity")) {
        throw new IOException(client.server() + " answers in a content coding, want none");
      }
    }
  }

  /// Returns when the server has the block: durably, if it keeps to what the protocol says.
  ///
  /// @throws StoreException.Full if it says 507
  /// @throws StoreException.ReadOnly if it says 405
  /// @throws StoreException.Refused if it wants credentials, or no blocks of that size
  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    BlockSize.of(block);
    send(reference, block.toArray(ValueLayout.JAVA_BYTE));
  }

  /// Has many requests under way at a time. After a failure some blocks may be there.
  @Override
  public void putAll(BlockBatch batch) throws IOException {
    ManyRequests.putAll(batch, this::send);
  }

  private void send(Reference reference, byte[] block) throws IOException {
    HttpResponse<byte[]> response = client.put(reference, block);
    int status = response.statusCode();
    if (status / 100 == 2) {
      return;
    }
    throw switch (status) {
      case 405 -> new StoreException.ReadOnly(client.server());
      case 413 ->
          new StoreException.Refused(
              client.server(), "a block of %d bytes is too large".formatted(block.length));
      case 507 -> new StoreException.Full(client.server(), failure(response));
      default -> failure(response);
    };
  }

  /// Has nothing to do: what the server has answered for is its own to keep.
  @Override
  public void sync() throws IOException {
    client.requireOpen();
  }

  @Override
  public void close() {
    client.close();
  }
}
