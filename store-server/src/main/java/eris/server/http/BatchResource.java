package eris.server.http;

import eris.server.config.HttpSettings.StreamLimits;
import eris.stores.batch.BatchReader;
import eris.stores.batch.BatchWriter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.BufferedInputStream;
import java.io.IOException;

/// A request of many blocks, whichever: `docs/formats/batch.md`.
abstract class BatchResource implements Resource {
  private static final int BUFFER_BYTES = 64 << 10;

  private final Streams streams;
  private final StreamLimits limits;

  BatchResource(Streams streams, StreamLimits limits) {
    this.streams = streams;
    this.limits = limits;
  }

  /// Reads a request and answers it, in between or at the end.
  @FunctionalInterface
  interface Batch {
    /// @param out beneath `writer`, for what is sent as it lies in memory
    void run(BatchReader reader, BatchWriter writer, Outgoing out) throws IOException;
  }

  @Override
  public final void handle(Exchange exchange) {
    String coding = exchange.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
    if (!exchange.method().equals(HttpMethod.POST)) {
      exchange.refuseMethod("POST");
    } else if (exchange.request().protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      exchange.breakOff("want HTTP/1.1");
    } else if (!coding.equalsIgnoreCase("identity")) {
      exchange.refuse(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "blocks have no content coding");
    } else {
      post(exchange);
    }
  }

  /// Lets in who may do this, and [#begin]s.
  abstract void post(Exchange exchange);

  /// For somebody who is known.
  final void begin(Exchange exchange, Batch batch) {
    begin(exchange, Streams.Caller.KNOWN, batch);
  }

  final void begin(Exchange exchange, Streams.Caller caller, Batch batch) {
    var answer = new BatchAnswer(exchange);
    Conversation.begin(
        exchange,
        streams,
        exchange.isOwners() ? Streams.Caller.OWNER : caller,
        limits,
        answer,
        (in, out) -> {
          var writer = new BatchWriter(out);
          try {
            batch.run(new BatchReader(new BufferedInputStream(in, BUFFER_BYTES)), writer, out);
          } catch (IOException e) {
            answer.fail(e, writer);
          }
        });
  }
}
