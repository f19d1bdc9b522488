package eris.stores.coap;

import eris.BlockSize;
import eris.ErisException.CorruptBlock;
import eris.Reference;
import eris.store.BlockBatch;
import eris.store.BlockStore;
import eris.store.StoreException;
import eris.stores.Backoff;
import eris.stores.Clock;
import eris.stores.ManyRequests;
import eris.stores.StoreUrl;
import eris.stores.VerifiedSource;
import eris.stores.coap.CoapClient.BrokenExchange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Blocks on a server, over CoAP (EER coap): `GET` and `PUT` of the resource `blocks` of a store.
///
/// The server is not trusted: every block is hashed, and every request ends within its time limit.
/// A server that is busy, or hangs up, is asked up to five times, with growing pauses.
public final class CoapStore implements BlockStore {
  private static final int MAX_PORTS = 16;
  private static final int MAX_DTLS_SESSIONS = 4; // each has threads of its own

  private static final CoapOption LARGE_PARTS =
      new Part(0, false, Part.KIB_1).toOption(CoapOption.BLOCK2);
  private static final CoapOption SMALL_PARTS = new Part(0, false, 0).toOption(CoapOption.BLOCK2);

  private final CoapServer server;
  private final List<CoapOption> resource;
  private final CoapClient client;
  private final Backoff backoff;

  /// The size that was found last: contents have blocks of one size. Servers may want to be told.
  private volatile BlockSize likelySize = BlockSize.KIB_32;

  private volatile boolean closed;

  /// How long to wait: for a connection, and for all of an answer, connecting included.
  public record Limits(Duration connect, Duration request) {
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(30));

    public Limits {
      if (!connect.isPositive() || !request.isPositive()) {
        throw new IllegalArgumentException("a time limit must be positive");
      }
    }
  }

  private CoapStore(StoreUrl.Coap url, CoapServer server, CoapClient client, Backoff backoff) {
    this.server = server;
    this.client = client;
    this.backoff = backoff;
    resource = resource(server, url.base().getPath() + "/blocks");
  }

  /// Sends nothing yet.
  ///
  /// @param keyFile where the key for `coaps:` is if the URL does not say
  /// @throws IOException if there is no key where one is needed
  public static CoapStore open(StoreUrl.Coap url, Optional<Path> keyFile) throws IOException {
    return open(url, keyFile, Limits.DEFAULT, Clock.SYSTEM, new Random());
  }

  /// Sends nothing yet.
  ///
  /// @param keyFile as above
  /// @param clock for message IDs and for pauses between attempts
  /// @param random safe for concurrent use
  public static CoapStore open(
      StoreUrl.Coap url, Optional<Path> keyFile, Limits limits, Clock clock, RandomGenerator random)
      throws IOException {
    CoapServer server = CoapServer.of(url.base());
    CoapClient client =
        switch (server.scheme()) {
          case "coap+tcp" -> new TcpClient(server, limits, random);
          case "coaps" -> {
            PresharedKey key = key(url.keyFile().or(() -> keyFile));
            yield new DatagramClient(
                server.toString(),
                () -> DtlsLink.to(server.address(), key),
                MAX_DTLS_SESSIONS,
                limits,
                clock,
                random);
          }
          default ->
              new DatagramClient(
                  server.toString(),
                  () -> UdpLink.to(server.address()),
                  MAX_PORTS,
                  limits,
                  clock,
                  random);
        };
    return new CoapStore(url, server, client, new Backoff(clock, random));
  }

  private static PresharedKey key(Optional<Path> file) throws IOException {
    if (file.isEmpty()) {
      throw new IOException("coaps: wants a key: name its file with ?psk-file= in the url");
    }
    List<PresharedKey> keys = PresharedKey.readAll(file.get());
    if (keys.size() != 1) {
      throw new IOException(
          "%s holds %d keys, want one".formatted(file.get().getFileName(), keys.size()));
    }
    return keys.getFirst();
  }

  private static List<CoapOption> resource(CoapServer server, String path) {
    List<CoapOption> options = new ArrayList<>();
    if (server.hasName()) {
      options.add(CoapOption.text(CoapOption.URI_HOST, server.host()));
    }
    for (String segment : path.substring(1).split("/", -1)) {
      options.add(CoapOption.text(CoapOption.URI_PATH, segment));
    }
    return List.copyOf(options);
  }

  /// @throws CorruptBlock if the server answers with anything but the block
  /// @throws StoreException.Refused if it wants credentials
  @Override
  public Optional<MemorySegment> get(Reference reference, MemorySegment target) throws IOException {
    return anySize(size -> fetch(reference, size))
        .map(block -> target.asSlice(0, block.length).copyFrom(MemorySegment.ofArray(block)));
  }

  /// Has many requests under way at a time, one for each distinct reference. Stops at the first
  /// failure: [#get] tells more about it.
  @Override
  public BitSet getAll(BlockBatch batch) throws IOException {
    requireOpen();
    return ManyRequests.getAll(batch, reference -> fetch(reference, batch.blockSize()));
  }

  private Optional<byte[]> fetch(Reference reference, BlockSize size) throws IOException {
    Optional<CoapMessage> response = ask(request(reference, size, LARGE_PARTS));
    if (response.isEmpty()) {
      return Optional.empty();
    }
    byte[] block = response.get().payload().toArray(ValueLayout.JAVA_BYTE);
    if (block.length > BlockSize.MAX_BYTES) {
      throw new CorruptBlock(reference, "holds more than 32768 bytes");
    }
    VerifiedSource.requireAuthentic(reference, MemorySegment.ofArray(block));
    return Optional.of(block);
  }

  /// Asks for a small part of the block only, of servers that give parts.
  @Override
  public boolean contains(Reference reference) throws IOException {
    return anySize(size -> ask(request(reference, size, SMALL_PARTS))).isPresent();
  }

  @FunctionalInterface
  private interface Question<T> {
    Optional<T> ask(BlockSize size) throws IOException;
  }

  /// Some servers (nim-eris) want to be told the size, and a reference does not tell it.
  private <T> Optional<T> anySize(Question<T> question) throws IOException {
    BlockSize likely = likelySize;
    Optional<T> answer = question.ask(likely);
    if (answer.isPresent()) {
      return answer;
    }
    BlockSize other = likely == BlockSize.KIB_1 ? BlockSize.KIB_32 : BlockSize.KIB_1;
    answer = question.ask(other);
    if (answer.isPresent()) {
      likelySize = other;
    }
    return answer;
  }

  /// In Base32, which all servers understand.
  private CoapMessage request(Reference reference, BlockSize size, CoapOption parts) {
    List<CoapOption> options = new ArrayList<>(resource);
    options.add(CoapOption.text(CoapOption.URI_QUERY, reference.toString()));
    options.add(parts);
    options.add(CoapOption.uint(CoapOption.SIZE1, size.bytes()));
    return new CoapMessage(
        CoapCode.GET, Token.NONE, new CoapOptions(options), CoapMessage.NO_PAYLOAD);
  }

  /// What the server has for a request: empty if that is nothing.
  private Optional<CoapMessage> ask(CoapMessage request) throws IOException {
    CoapMessage response = send(request);
    return switch (response.code()) {
      case CoapCode.CONTENT -> Optional.of(response);
      case CoapCode.NOT_FOUND -> Optional.empty();
      default -> throw failure(response);
    };
  }

  /// Returns when the server has the block: durably, if it keeps to what the protocol says.
  ///
  /// @throws StoreException.ReadOnly if it says 4.05
  /// @throws StoreException.Refused if it wants credentials, or no blocks of that size
  @Override
  public void put(Reference reference, MemorySegment block) throws IOException {
    BlockSize.of(block);
    send(block.toArray(ValueLayout.JAVA_BYTE));
  }

  /// Has many requests under way at a time. After a failure some blocks may be there.
  @Override
  public void putAll(BlockBatch batch) throws IOException {
    ManyRequests.putAll(batch, (_, block) -> send(block));
  }

  private void send(byte[] block) throws IOException {
    List<CoapOption> options = new ArrayList<>(resource);
    options.add(CoapOption.uint(CoapOption.SIZE1, block.length));
    CoapMessage response =
        send(
            new CoapMessage(
                CoapCode.PUT, Token.NONE, new CoapOptions(options), MemorySegment.ofArray(block)));
    if (CoapCode.isSuccess(response.code())) {
      return;
    }
    throw switch (response.code()) {
      case CoapCode.METHOD_NOT_ALLOWED -> new StoreException.ReadOnly(server.toString());
      case CoapCode.ENTITY_TOO_LARGE ->
          new StoreException.Refused(
              server.toString(), "a block of %d bytes is too large".formatted(block.length));
      default -> failure(response);
    };
  }

  /// What a response means that is not one of those that were hoped for.
  private IOException failure(CoapMessage response) {
    String code = CoapCode.spoken(response.code());
    return switch (response.code()) {
      case CoapCode.UNAUTHORIZED, CoapCode.FORBIDDEN ->
          new StoreException.Refused(server.toString(), "code " + code);
      default -> new IOException("%s answers %s".formatted(server, code));
    };
  }

  /// Whatever is asked about blocks can be asked twice. A server that is busy, and a connection that
  /// broke, get another chance; who has kept us waiting to the time limit, or is not there, does not.
  private CoapMessage send(CoapMessage request) throws IOException {
    for (int attempt = 1; ; attempt++) {
      requireOpen();
      try {
        CoapMessage response = client.send(request);
        if (!isBusy(response.code()) || !backoff.mayFollow(attempt)) {
          return response;
        }
      } catch (BrokenExchange e) {
        if (closed || !backoff.mayFollow(attempt)) {
          throw e;
        }
      } catch (MalformedMessage e) {
        throw new IOException(server + " does not speak coap", e);
      }
      backoff.pauseAfter(attempt);
    }
  }

  /// Also if it has lost parts of what was sent.
  private static boolean isBusy(int code) {
    return switch (code) {
      case CoapCode.ENTITY_INCOMPLETE, CoapCode.TOO_MANY_REQUESTS, CoapCode.UNAVAILABLE -> true;
      default -> false;
    };
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the client of %s is closed".formatted(server));
    }
  }

  /// Has nothing to do: what the server has answered for is its own to keep.
  @Override
  public void sync() throws IOException {
    requireOpen();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    client.close();
  }
}
