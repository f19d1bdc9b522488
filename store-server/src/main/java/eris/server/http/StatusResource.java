package eris.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import eris.server.blocks.BlockService;
import eris.server.config.HttpSettings;
import eris.server.console.Console;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;

/// The figures that the console shows.
final class StatusResource implements Resource {
  static final String PATH = "/eris/v1/status";

  private final Console console;
  private final BlockService blocks;
  private final boolean put;

  StatusResource(Console console, BlockService blocks, HttpSettings.Put put) {
    this.console = console;
    this.blocks = blocks;
    this.put = put == HttpSettings.Put.ON;
  }

  @Override
  public void handle(Exchange exchange) {
    exchange.execute(blocks, () -> exchange.answer(answer()));
  }

  private Answer answer() {
    return new Answer(
            HttpResponseStatus.OK,
            new DefaultHttpHeaders(),
            Unpooled.copiedBuffer(console.toJson(put), UTF_8))
        .with(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .with(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .with("Cross-Origin-Resource-Policy", "same-origin")
        .with("X-Content-Type-Options", "nosniff");
  }
}
