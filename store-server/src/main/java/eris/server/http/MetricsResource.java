package eris.server.http;

import eris.server.blocks.BlockCounts;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/// The daemon's counts in the text format of Prometheus. No label has a reference or a capability.
final class MetricsResource implements Resource {
  static final String PATH = "/metrics";

  private final BlockCounts counts;
  private final IntSupplier connections;

  MetricsResource(BlockCounts counts, IntSupplier connections) {
    this.counts = counts;
    this.connections = connections;
  }

  @Override
  public void handle(Exchange exchange) {
    exchange.answer(
        new Answer(
                HttpResponseStatus.OK,
                new DefaultHttpHeaders(),
                Unpooled.copiedBuffer(text(), StandardCharsets.UTF_8))
            .with(HttpHeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
            .with(HttpHeaderNames.CACHE_CONTROL, "no-store"));
  }

  private String text() {
    var text = new StringBuilder();
    begin(text, "eris_blocks_got_total", "counter", "Blocks asked for, by where they were found.");
    sample(text, "eris_blocks_got_total{from=\"memory\"}", counts.fromMemory());
    sample(text, "eris_blocks_got_total{from=\"store\"}", counts.fromStore());
    sample(text, "eris_blocks_got_total{from=\"nowhere\"}", counts.missing());
    single(text, "eris_blocks_put_total", "Blocks stored durably.", counts.put());
    single(text, "eris_blocks_corrupt_total", "Corrupt blocks met.", counts.corrupt());
    single(text, "eris_store_failures_total", "Requests the store failed at.", counts.failed());
    single(
        text, "eris_overloaded_total", "Requests refused for lack of room.", counts.overloaded());
    begin(text, "eris_http_connections", "gauge", "Connections that are open.");
    sample(text, "eris_http_connections", connections.getAsInt());
    return text.toString();
  }

  private static void single(StringBuilder text, String name, String help, long value) {
    begin(text, name, "counter", help);
    sample(text, name, value);
  }

  private static void begin(StringBuilder text, String name, String type, String help) {
    text.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type));
  }

  private static void sample(StringBuilder text, String series, long value) {
    text.append(series).append(' ').append(value).append('\n');
  }
}
