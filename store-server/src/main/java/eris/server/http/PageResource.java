package eris.server.http;

import eris.server.console.ConsolePage;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;

/// The page of the console. It holds no secrets and no figures, and may load nothing from elsewhere.
final class PageResource implements Resource {
  static final String PATH = "/";
  static final String MISSING = "the console was not built in: that takes npm and Node.js";

  private final Optional<ConsolePage> page;

  PageResource(Optional<ConsolePage> page) {
    this.page = page;
  }

  @Override
  public void handle(Exchange exchange) {
    if (page.isEmpty()) {
      exchange.refuse(HttpResponseStatus.NOT_FOUND, MISSING);
    } else {
      exchange.answer(answer(page.get()));
    }
  }

  private static Answer answer(ConsolePage page) {
    return new Answer(
            HttpResponseStatus.OK, new DefaultHttpHeaders(), Unpooled.wrappedBuffer(page.html()))
        .with(HttpHeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
        .with(HttpHeaderNames.CONTENT_SECURITY_POLICY, page.policy())
        .with(HttpHeaderNames.CACHE_CONTROL, "no-cache")
        .with("Cross-Origin-Opener-Policy", "same-origin")
        .with("Cross-Origin-Resource-Policy", "same-origin")
        .with("Referrer-Policy", "no-referrer")
        .with("X-Content-Type-Options", "nosniff");
  }
}
