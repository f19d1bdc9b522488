package eris.server.http;

import eris.ErisException;
import eris.ErisException.CorruptBlock;
import eris.ErisException.MalformedCapability;
import eris.ReadCapability;
import eris.codec.Decoder;
import eris.server.blocks.BlockService;
import eris.server.blocks.Trouble;
import eris.server.config.HttpSettings.Content;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Decoded content, as EER http has it: `GET` and `HEAD /uri-res/N2R?urn:eris:…`, where that was
/// switched on. Whoever asks trusts this daemon with the capability; it is in no answer, log or
/// figure.
final class ContentResource implements Resource {
  static final String CONTENT_URN = "urn:eris:";

  /// Each holds a decoder, of less than a MiB.
  private static final int MOST_AT_A_TIME = 32;

  private final BlockService blocks;
  private final Content content;
  private final Semaphore places = new Semaphore(MOST_AT_A_TIME);

  ContentResource(BlockService blocks, Content content) {
    this.blocks = blocks;
    this.content = content;
  }

  @Override
  public void handle(Exchange exchange) {
    HttpMethod method = exchange.method();
    if (!isFor(exchange)) {
      exchange.refuse(
          HttpResponseStatus.FORBIDDEN, "content is not decoded here: get its blocks instead");
    } else if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      exchange.refuseMethod("GET, HEAD");
    } else {
      open(exchange);
    }
  }

  private boolean isFor(Exchange exchange) {
    return switch (content) {
      case OFF -> false;
      case ON -> exchange.isLocal();
      case PUBLIC -> true;
    };
  }

  private void open(Exchange exchange) {
    ReadCapability capability;
    try {
      capability = ReadCapability.parse(exchange.query());
    } catch (MalformedCapability _) { // whose message is not repeated: it may quote a part
      exchange.refuse(HttpResponseStatus.BAD_REQUEST, "the capability is malformed");
      return;
    }
    if (places.tryAcquire()) {
      exchange.execute(blocks, () -> decode(exchange, capability));
    } else {
      exchange.answer(Trouble.OVERLOADED);
    }
  }

  private void decode(Exchange exchange, ReadCapability capability) {
    boolean streams = false;
    try {
      streams = answer(exchange, open(capability));
    } catch (IOException e) {
      refuse(exchange, e);
    } finally {
      if (!streams) {
        places.release();
      }
    }
  }

  private Decoder open(ReadCapability capability) throws IOException {
    try {
      return Decoder.open(blocks.store(), capability);
    } catch (CorruptBlock e) {
      blocks.foundCorrupt(e);
      throw e;
    }
  }

  /// Answers by what is known once the right edge of the tree was verified.
  ///
  /// @return whether the decoder is still needed
  private boolean answer(Exchange exchange, Decoder decoder) throws IOException {
    long size = decoder.size();
    boolean head = exchange.isHead();
    return switch (head ? new ByteRange.Wish.All() : wish(exchange, size)) {
      case ByteRange.Wish.Beyond _ -> {
        exchange.answer(
            Answer.line(
                    HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                    "the content has %d bytes".formatted(size))
                .with(HttpHeaderNames.CONTENT_RANGE, "bytes */" + size));
        yield false;
      }
      case ByteRange.Wish.All _ -> {
        Answer all = head(HttpResponseStatus.OK, size);
        yield send(exchange, all, decoder, new ByteRange(0, head ? 0 : size));
      }
      case ByteRange.Wish.Part(var range) -> {
        Answer part =
            head(HttpResponseStatus.PARTIAL_CONTENT, range.length())
                .with(HttpHeaderNames.CONTENT_RANGE, range.contentRange(size));
        yield send(exchange, part, decoder, range);
      }
    };
  }

  /// A range of what may have changed is not for us to give: there is no validator to compare.
  private static ByteRange.Wish wish(Exchange exchange, long size) {
    Optional<String> range = Optional.ofNullable(exchange.headers().get(HttpHeaderNames.RANGE));
    boolean conditional = exchange.headers().contains(HttpHeaderNames.IF_RANGE);
    return ByteRange.parse(range.filter(_ -> !conditional), size);
  }

  private static Answer head(HttpResponseStatus status, long length) {
    return new Answer(status, new DefaultHttpHeaders(), Unpooled.EMPTY_BUFFER)
        .with(HttpHeaderNames.CONTENT_LENGTH, length)
        .with(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_OCTET_STREAM)
        .with(HttpHeaderNames.ACCEPT_RANGES, HttpHeaderValues.BYTES)
        .with(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .with("Cross-Origin-Resource-Policy", "same-origin")
        .with("X-Content-Type-Options", "nosniff");
  }

  /// The first piece is made before anything is said, so that what is missing there has its status.
  private boolean send(Exchange exchange, Answer head, Decoder decoder, ByteRange range)
      throws IOException {
    if (range.length() == 0) {
      exchange.answer(head);
      return false;
    }
    var content = new ContentAnswer(exchange, blocks, decoder, range, places::release);
    content.send(head, content.next());
    return true;
  }

  private void refuse(Exchange exchange, IOException failure) {
    switch (failure) {
      case CorruptBlock _ -> exchange.answer(Trouble.CORRUPT);
      case ErisException.MissingBlock _ ->
          exchange.refuse(HttpResponseStatus.NOT_FOUND, "a block of the content is not here");
      case ErisException _ ->
          exchange.refuse(HttpResponseStatus.BAD_REQUEST, "there is no content of this capability");
      default -> exchange.answer(Trouble.of(failure));
    }
  }
}
