package eris.server.http;

import eris.server.access.Budgets;
import eris.server.blocks.Trouble;
import eris.stores.batch.BatchFailure;
import eris.stores.batch.BatchWriter;
import eris.stores.batch.MalformedBatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;

/// The answer to a request of many blocks: a stream that is a 200 from its first byte on, and before
/// that may be anything.
final class BatchAnswer implements Outgoing.Channel {
  private static final String TYPE = "application/cbor-seq";

  private final Exchange exchange;
  private boolean begun;

  BatchAnswer(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public void send(ByteBuf part, ChannelFutureListener listener) {
    if (!begun) {
      begun = true;
      exchange.begin(headers());
    }
    exchange.send(part, listener);
  }

  private static HttpHeaders headers() {
    return new DefaultHttpHeaders()
        .set(HttpHeaderNames.CONTENT_TYPE, TYPE)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("X-Content-Type-Options", "nosniff");
  }

  /// Says what kept us from the rest.
  ///
  /// @throws IOException if there is nobody to tell
  void fail(IOException failure, BatchWriter writer) throws IOException {
    if (failure instanceof PeerFailure) {
      throw failure;
    }
    BatchFailure reason = reason(failure);
    if (reason == BatchFailure.FAILED || reason == BatchFailure.FULL) {
      exchange.troubled(Trouble.of(failure));
    }
    if (begun) {
      writer.failed(reason);
    } else {
      refuse(failure, reason);
    }
  }

  private static BatchFailure reason(IOException failure) {
    return switch (failure) {
      case MalformedBatch _ -> BatchFailure.MALFORMED;
      case Payer.Refused refused ->
          refused.answer() instanceof Budgets.Answer.TooFast
              ? BatchFailure.RATE
              : BatchFailure.QUOTA;
      default ->
          switch (Trouble.of(failure)) {
            case FULL -> BatchFailure.FULL;
            case READ_ONLY -> BatchFailure.READ_ONLY;
            case OVERLOADED, CORRUPT, WRONG_REFERENCE, FAILED -> BatchFailure.FAILED;
          };
    };
  }

  private void refuse(IOException failure, BatchFailure reason) {
    switch (reason) {
      case MALFORMED ->
          exchange.refuse(HttpResponseStatus.BAD_REQUEST, String.valueOf(failure.getMessage()));
      case QUOTA -> exchange.refuseOverQuota();
      case RATE -> {
        if (failure instanceof Payer.Refused refused
            && refused.answer() instanceof Budgets.Answer.TooFast(var pause)) {
          exchange.refuseFor(pause);
        }
      }
      case FULL, READ_ONLY, FAILED -> exchange.answer(Answer.of(Trouble.of(failure)));
    }
  }
}
