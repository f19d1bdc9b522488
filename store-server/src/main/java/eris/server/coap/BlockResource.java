package eris.server.coap;

import eris.BlockSize;
import eris.ErisException.MalformedReference;
import eris.Reference;
import eris.server.blocks.BlockService;
import eris.server.blocks.Overloaded;
import eris.server.blocks.Protocol;
import eris.server.blocks.RequestCounts;
import eris.server.blocks.RequestCounts.Method;
import eris.server.blocks.Trouble;
import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.CoapOption;
import eris.stores.coap.MalformedMessage;
import eris.stores.coap.Part;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The store of this server (EER coap): GET and PUT at `/.well-known/eris/blocks`, whole or in parts,
/// and the list of that at `/.well-known/core` (RFC 6690).
///
/// Answers at once what needs no store, and blocks that are in memory; the rest on the threads of the
/// [BlockService].
final class BlockResource {
  static final List<CoapOption> BLOCKS = path(".well-known", "eris", "blocks");
  private static final List<CoapOption> CORE = path(".well-known", "core");
  private static final String LINKS = "</.well-known/eris/blocks>;rt=\"eris.blocks\";sz=32768";
  private static final int LINK_FORMAT = 40;
  private static final int OCTETS = 42;

  private static final int TEXT_CHARACTERS = 52;
  private static final long MAX_AGE_SECONDS = 31_536_000; // a block never changes
  private static final int ETAG_BYTES = 8;

  /// What a response has beside its payload: header, token, Block2, ETag, Max-Age, Size2.
  private static final int HEADERS_BYTES = 64;

  private static final int MAX_DATAGRAM_PAYLOAD_BYTES = 1024;

  private final BlockService blocks;
  private volatile boolean takesBlocks;
  private final Protocol protocol;
  private final RequestCounts requests;
  private final Reassembly bodies = new Reassembly(System::nanoTime);

  /// @param protocol by which requests come here
  BlockResource(BlockService blocks, boolean takesBlocks, Protocol protocol) {
    this.blocks = blocks;
    this.takesBlocks = takesBlocks;
    this.protocol = protocol;
    requests = blocks.counts().requests(protocol);
  }

  private static List<CoapOption> path(String... segments) {
    return List.of(segments).stream()
        .map(segment -> CoapOption.text(CoapOption.URI_PATH, segment))
        .toList();
  }

  /// Answers a request, now or from another thread: exactly once, but for the token.
  void answer(CoapMessage request, Peer peer, Consumer<CoapMessage> respond) {
    long startNanos = System.nanoTime();
    requests.received(request.payload().byteSize());
    decide(
        request,
        peer,
        response -> {
          count(request, peer, response, System.nanoTime() - startNanos);
          respond.accept(response);
        });
  }

  /// Takes blocks from now on, or no longer.
  void takeBlocks(boolean wanted) {
    takesBlocks = wanted;
  }

  private void count(CoapMessage request, Peer peer, CoapMessage response, long nanos) {
    Method method =
        switch (request.code()) {
          case CoapCode.GET -> Method.GET;
          case CoapCode.PUT -> Method.PUT;
          default -> Method.OTHER;
        };
    requests.answered(method, CoapCode.classOf(response.code()), nanos);
    requests.sent(response.payload().byteSize());
    if (blocks.requests().isOn()) {
      blocks.requests().add(RequestLine.of(protocol, peer.address(), request, response, nanos));
    }
  }

  private void decide(CoapMessage request, Peer peer, Consumer<CoapMessage> respond) {
    try {
      requireKnown(request);
      List<CoapOption> path = request.options().all(CoapOption.URI_PATH);
      if (path.equals(BLOCKS)) {
        answerForBlocks(request, peer, respond);
      } else if (path.equals(CORE) && request.code() == CoapCode.GET) {
        respond.accept(links());
      } else {
        throw new Refusal(CoapCode.NOT_FOUND, "want /.well-known/eris/blocks");
      }
    } catch (IOException | RuntimeException e) {
      respond.accept(failure(e));
    }
  }

  /// A request that cannot be understood without an option we do not know is not guessed at.
  private static void requireKnown(CoapMessage request) throws Refusal {
    for (CoapOption option : request.options().all()) {
      switch (option.number()) {
        case CoapOption.URI_HOST,
            CoapOption.URI_PORT,
            CoapOption.URI_PATH,
            CoapOption.URI_QUERY,
            CoapOption.ACCEPT,
            CoapOption.BLOCK1,
            CoapOption.BLOCK2 -> {}
        case CoapOption.PROXY_URI, CoapOption.PROXY_SCHEME ->
            throw new Refusal(CoapCode.NO_PROXY, "this is no proxy");
        default -> {
          if (option.isCritical()) {
            throw new Refusal(CoapCode.BAD_OPTION, "unknown critical option " + option.number());
          }
        }
      }
    }
  }

  private static CoapMessage links() {
    return CoapMessage.of(CoapCode.CONTENT, CoapOption.uint(CoapOption.CONTENT_FORMAT, LINK_FORMAT))
        .with(MemorySegment.ofArray(LINKS.getBytes(StandardCharsets.US_ASCII)));
  }

  private void answerForBlocks(CoapMessage request, Peer peer, Consumer<CoapMessage> respond)
      throws IOException {
    switch (request.code()) {
      case CoapCode.GET -> get(request, peer, respond);
      case CoapCode.PUT -> put(request, peer, respond);
      default -> throw new Refusal(CoapCode.METHOD_NOT_ALLOWED, "want GET or PUT");
    }
  }

  private void get(CoapMessage request, Peer peer, Consumer<CoapMessage> respond)
      throws IOException {
    Reference reference = reference(request);
    Wish wish = Wish.of(request, peer);
    if (peer.challenge().isPresent() && !peer.challenge().get().isMetBy(request)) {
      respond.accept(peer.challenge().get().response());
      return;
    }
    Optional<ByteBuf> cached = blocks.cached(reference);
    if (cached.isPresent()) {
      respond.accept(content(cached.get(), reference, wish));
      return;
    }
    execute(
        respond,
        () -> {
          Optional<ByteBuf> block = blocks.get(reference);
          return block.isPresent()
              ? content(block.get(), reference, wish)
              : CoapMessage.of(CoapCode.NOT_FOUND);
        });
  }

  /// The only query, as 32 octets or as Base32 in upper case.
  static Reference reference(CoapMessage request) throws Refusal {
    List<CoapOption> queries = request.options().all(CoapOption.URI_QUERY);
    if (queries.size() == 1) {
      byte[] query = queries.getFirst().value();
      if (query.length == Reference.BYTES) {
        return Reference.readFrom(MemorySegment.ofArray(query), 0);
      }
      if (query.length == TEXT_CHARACTERS) {
        try {
          return Reference.parse(new String(query, StandardCharsets.ISO_8859_1));
        } catch (MalformedReference _) {
          // as what has another length
        }
      }
    }
    throw new Refusal(
        CoapCode.BAD_REQUEST, "want one query: a reference of 32 octets or in base32");
  }

  /// The part of a block that is asked for, and the most that goes into one response.
  private record Wish(Optional<Part> part, int maxPayloadBytes) {
    static Wish of(CoapMessage request, Peer peer) throws IOException {
      if (request.options().has(CoapOption.ACCEPT)
          && request.options().uint(CoapOption.ACCEPT).orElse(0) != OCTETS) {
        throw new Refusal(CoapCode.NOT_ACCEPTABLE, "blocks are application/octet-stream");
      }
      return new Wish(Part.of(request, CoapOption.BLOCK2), peer.maxMessageBytes() - HEADERS_BYTES);
    }
  }

  /// Takes over `block`, and copies what is sent of it.
  private static CoapMessage content(ByteBuf block, Reference reference, Wish wish) {
    try {
      int size = block.readableBytes();
      var maxAge = CoapOption.uint(CoapOption.MAX_AGE, MAX_AGE_SECONDS);
      if (wish.part().isEmpty() && size <= wish.maxPayloadBytes()) {
        return CoapMessage.of(CoapCode.CONTENT, maxAge).with(copy(block, 0, size));
      }
      Part wanted = wish.part().orElse(new Part(0, false, Part.KIB_1));
      int units =
          wanted.sizeExponent() == Part.BERT
              ? Math.max(1, wish.maxPayloadBytes() / MAX_DATAGRAM_PAYLOAD_BYTES)
              : 1;
      long from = wanted.offsetBytes();
      if (from >= size) {
        return CoapMessage.diagnostic(CoapCode.BAD_OPTION, "the block has no such part");
      }
      int bytes = (int) Math.min((long) units * wanted.unitBytes(), size - from);
      var part = new Part(wanted.index(), from + bytes < size, wanted.sizeExponent());
      return CoapMessage.of(
              CoapCode.CONTENT,
              CoapOption.of(CoapOption.ETAG, etag(reference)),
              maxAge,
              part.toOption(CoapOption.BLOCK2),
              CoapOption.uint(CoapOption.SIZE2, size))
          .with(copy(block, (int) from, bytes));
    } finally {
      block.release();
    }
  }

  private static MemorySegment copy(ByteBuf block, int from, int bytes) {
    byte[] copy = new byte[bytes];
    block.getBytes(block.readerIndex() + from, copy);
    return MemorySegment.ofArray(copy);
  }

  private static byte[] etag(Reference reference) {
    return java.nio.ByteBuffer.allocate(ETAG_BYTES).putLong(reference.w0()).array();
  }

  private void put(CoapMessage request, Peer peer, Consumer<CoapMessage> respond)
      throws IOException {
    if (!takesBlocks) {
      throw new Refusal(CoapCode.METHOD_NOT_ALLOWED, Trouble.READ_ONLY.text());
    }
    Optional<Part> part = Part.of(request, CoapOption.BLOCK1);
    Optional<MemorySegment> body =
        part.isPresent() ? bodies.add(peer, request, part.get()) : Optional.of(request.payload());
    if (body.isEmpty()) {
      respond.accept(
          CoapMessage.of(CoapCode.CONTINUE, part.orElseThrow().toOption(CoapOption.BLOCK1)));
      return;
    }
    MemorySegment block = body.get();
    if (block.byteSize() > BlockSize.MAX_BYTES) {
      throw new Refusal(CoapCode.ENTITY_TOO_LARGE, "a block has at most 32768 bytes");
    }
    if (BlockSize.ofBytes(block.byteSize()).isEmpty()) {
      throw new Refusal(
          CoapCode.BAD_REQUEST,
          "a block has 1024 or 32768 bytes, not %d".formatted(block.byteSize()));
    }
    execute(
        respond,
        () -> {
          blocks.put(block);
          CoapMessage created = CoapMessage.of(CoapCode.CREATED);
          return part.isPresent() ? created.with(part.get().toOption(CoapOption.BLOCK1)) : created;
        });
  }

  @FunctionalInterface
  private interface Work {
    CoapMessage response() throws IOException;
  }

  private void execute(Consumer<CoapMessage> respond, Work work) throws Overloaded {
    blocks.execute(
        () -> {
          CoapMessage response;
          try {
            response = work.response();
          } catch (IOException | RuntimeException e) {
            response = failure(e);
          }
          respond.accept(response);
        });
  }

  /// The response to a request that failed: one line for people, which tells nothing of this machine.
  private static CoapMessage failure(Exception failure) {
    return switch (failure) {
      case Refusal refusal -> refusal.response();
      case MalformedMessage _ ->
          CoapMessage.diagnostic(CoapCode.BAD_OPTION, "a malformed option of parts");
      case IOException e -> ofStore(Trouble.of(e));
      default -> ofStore(Trouble.FAILED);
    };
  }

  private static CoapMessage ofStore(Trouble trouble) {
    int code =
        switch (trouble) {
          case OVERLOADED -> CoapCode.UNAVAILABLE;
          case READ_ONLY -> CoapCode.METHOD_NOT_ALLOWED;
          case WRONG_REFERENCE -> CoapCode.BAD_REQUEST;
          case FULL, CORRUPT, FAILED -> CoapCode.INTERNAL_ERROR;
        };
    return CoapMessage.diagnostic(code, trouble.text());
  }

  /// A peer that is gone ends nothing that it has begun.
  void forget(Peer peer) {
    bodies.forget(peer.identity());
  }
}
