package eris.server.http;

import eris.BlockSize;
import eris.ErisException.MalformedReference;
import eris.Reference;
import eris.server.access.Account;
import eris.server.access.Budgets;
import eris.server.access.Gate;
import eris.server.access.Permission;
import eris.server.blocks.BlockService;
import eris.server.blocks.Trouble;
import eris.server.config.HttpSettings;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/// Blocks by name, as EER http has it: `GET`, `HEAD` and `PUT /uri-res/N2R?urn:blake2b:…`.
final class N2rResource implements Resource {
  static final String PATH = "/uri-res/N2R";
  static final String BLOCK_URN = "urn:blake2b:";

  private static final Budgets.Answer GRANTED = new Budgets.Answer.Granted();

  private final BlockService blocks;
  private final HttpSettings.Put put;
  private final Gate gate;
  private final Resource content;

  /// @param content answers for what is no block
  N2rResource(BlockService blocks, HttpSettings.Put put, Gate gate, Resource content) {
    this.gate = gate;
    this.content = content;
    this.blocks = blocks;
    this.put = put;
  }

  @Override
  public void handle(Exchange exchange) {
    HttpMethod method = exchange.method();
    if (exchange.query().startsWith(ContentResource.CONTENT_URN)) {
      content.handle(exchange);
    } else if (!exchange.query().startsWith(BLOCK_URN)) {
      exchange.refuse(
          HttpResponseStatus.BAD_REQUEST, "want urn:blake2b: and a reference after the ?");
    } else if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
      get(exchange);
    } else if (method.equals(HttpMethod.PUT) && put != HttpSettings.Put.OFF) {
      exchange.admit(
          gate, takesFreely(exchange), Permission.PUT, account -> put(exchange, account));
    } else {
      exchange.refuseMethod(put != HttpSettings.Put.OFF ? "GET, HEAD, PUT" : "GET, HEAD");
    }
  }

  private void get(Exchange exchange) {
    Reference reference;
    try {
      reference = Reference.parse(exchange.query());
    } catch (MalformedReference e) {
      exchange.refuse(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
      return;
    }
    Optional<ByteBuf> cached = blocks.cached(reference);
    if (cached.isPresent()) {
      answer(exchange, reference, cached.get());
    } else {
      exchange.execute(blocks, () -> fetch(exchange, reference));
    }
  }

  private void fetch(Exchange exchange, Reference reference) {
    try {
      Optional<ByteBuf> block = blocks.get(reference);
      if (block.isPresent()) {
        answer(exchange, reference, block.get());
      } else {
        exchange.refuse(HttpResponseStatus.NOT_FOUND, "there is no such block here");
      }
    } catch (IOException e) {
      exchange.answer(Trouble.of(e));
    }
  }

  private static void answer(Exchange exchange, Reference reference, ByteBuf block) {
    String tag = '"' + reference.toString() + '"';
    Answer answer;
    if (names(exchange, tag)) {
      block.release();
      answer = Answer.of(HttpResponseStatus.NOT_MODIFIED);
    } else {
      answer =
          new Answer(HttpResponseStatus.OK, new DefaultHttpHeaders(), block)
              .with(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_OCTET_STREAM)
              .with("X-Content-Type-Options", "nosniff");
    }
    exchange.answer(
        answer
            .with(HttpHeaderNames.ETAG, tag)
            .with(HttpHeaderNames.CACHE_CONTROL, "public, immutable, max-age=31536000"));
  }

  /// Whether the client says that it has the block (RFC 9110, If-None-Match).
  private static boolean names(Exchange exchange, String tag) {
    return exchange.headers().getAll(HttpHeaderNames.IF_NONE_MATCH).stream()
        .anyMatch(tags -> tags.strip().equals("*") || tags.contains(tag));
  }

  private boolean takesFreely(Exchange exchange) {
    return put == HttpSettings.Put.ON && exchange.isLocal();
  }

  private void put(Exchange exchange, Optional<Account> account) {
    String coding = exchange.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
    if (!coding.equalsIgnoreCase("identity")) {
      exchange.refuse(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "a block has no content coding");
      return;
    }
    try {
      Optional<Reference> claimed = claimed(exchange.query());
      exchange.collect(
          BlockSize.MAX_BYTES,
          block -> exchange.execute(blocks, () -> pay(exchange, account, claimed, block), block));
    } catch (MalformedReference e) {
      exchange.refuse(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  /// The reference that the client gave. It may leave that to us.
  private static Optional<Reference> claimed(String query) throws MalformedReference {
    return query.equals(BLOCK_URN) ? Optional.empty() : Optional.of(Reference.parse(query));
  }

  private void pay(
      Exchange exchange, Optional<Account> account, Optional<Reference> claimed, ByteBuf block) {
    int bytes = block.readableBytes();
    if (BlockSize.ofBytes(bytes).isEmpty()) {
      exchange.refuse(
          HttpResponseStatus.BAD_REQUEST, "a block has 1024 or 32768 bytes, not " + bytes);
      return;
    }
    try {
      switch (account.isEmpty() ? GRANTED : gate.budgets().spend(account.get(), bytes)) {
        case Budgets.Answer.Granted _ -> store(exchange, account, claimed, block);
        case Budgets.Answer.OverQuota _ -> exchange.refuseOverQuota();
        case Budgets.Answer.TooFast(Duration pause) -> exchange.refuseFor(pause);
      }
    } catch (IOException e) {
      exchange.answer(Trouble.of(e));
    }
  }

  private void store(
      Exchange exchange, Optional<Account> account, Optional<Reference> claimed, ByteBuf block) {
    try {
      MemorySegment bytes = MemorySegment.ofBuffer(block.nioBuffer());
      Reference reference = put(claimed, bytes);
      exchange.answer(
          Answer.of(HttpResponseStatus.OK)
              .with(HttpHeaderNames.CONTENT_LOCATION, PATH + "?" + reference.toUrn()));
    } catch (IOException e) {
      account.ifPresent(payer -> gate.budgets().refund(payer, block.readableBytes()));
      exchange.answer(Trouble.of(e));
    }
  }

  private Reference put(Optional<Reference> claimed, MemorySegment block) throws IOException {
    if (claimed.isEmpty()) {
      return blocks.put(block);
    }
    blocks.put(claimed.get(), block);
    return claimed.get();
  }
}
