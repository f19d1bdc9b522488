package eris.server.http;

import eris.server.blocks.BlockService;
import eris.server.blocks.Trouble;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What those who run the daemon ask it: whether it lives, and whether it can do all that it is for.
final class HealthResources {
  static final String LIVE_PATH = "/livez";
  static final String READY_PATH = "/readyz";

  private HealthResources() {}

  /// Answers as long as the event loops turn.
  static Resource live() {
    return reading(exchange -> exchange.answer(Answer.line(HttpResponseStatus.OK, "ok")));
  }

  /// Ready unless it is about to end, or the store could not do what it was asked of late.
  static Resource ready(BlockService blocks, BooleanSupplier isClosing) {
    return reading(
        exchange -> {
          Optional<Trouble> trouble = blocks.trouble();
          if (isClosing.getAsBoolean()) {
            exchange.refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, "about to end");
          } else if (trouble.isPresent()) {
            exchange.refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, trouble.get().text());
          } else {
            exchange.answer(Answer.line(HttpResponseStatus.OK, "ok"));
          }
        });
  }

  /// A resource that is only read.
  static Resource reading(Resource resource) {
    return exchange -> {
      HttpMethod method = exchange.method();
      if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
        resource.handle(exchange);
      } else {
        exchange.refuseMethod("GET, HEAD");
      }
    };
  }
}
