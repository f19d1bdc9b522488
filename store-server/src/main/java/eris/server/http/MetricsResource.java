package eris.server.http;

import eris.server.metrics.Metrics;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/// The daemon's figures in the text format of Prometheus. Written on a thread of its own: it tells as
/// well when all threads of the store are busy.
final class MetricsResource implements Resource {
  static final String PATH = "/metrics";

  private final Metrics metrics;

  MetricsResource(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void handle(Exchange exchange) {
    Thread.ofVirtual()
        .name("eris-metrics")
        .start(() -> exchange.attempt(() -> exchange.answer(answer())));
  }

  private Answer answer() {
    return new Answer(
            HttpResponseStatus.OK,
            new DefaultHttpHeaders(),
            Unpooled.copiedBuffer(metrics.text(), StandardCharsets.UTF_8))
        .with(HttpHeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
        .with(HttpHeaderNames.CACHE_CONTROL, "no-store");
  }
}
