package eris.server.http;

import eris.Reference;
import eris.server.access.Account;
import eris.server.blocks.Protocol;
import eris.server.blocks.RequestCounts.Method;
import eris.server.config.RequestEntry;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the log of requests tells of those over HTTP. Of the target only what this server knows, and
/// references of blocks: who mistypes a request with a capability in it finds it in no log.
final class RequestLine {
  private static final String UNKNOWN = "-";
  private static final Pattern BLOCK =
      Pattern.compile(Pattern.quote(N2rResource.BLOCK_URN) + "[A-Z2-7]{52}");
  private static final int NANOS_PER_MICRO = 1000;

  private RequestLine() {}

  static RequestEntry of(Exchange exchange, Routes routes) {
    Method method = exchange.countedAs();
    return new RequestEntry(
        Instant.now(),
        Protocol.HTTP.scheme(),
        exchange.remoteAddress(),
        method == Method.OTHER ? UNKNOWN : method.name(),
        target(exchange, routes),
        Integer.toString(exchange.status().code()),
        exchange.sentBytes(),
        exchange.ageNanos() / NANOS_PER_MICRO,
        exchange.account().map(Account::name));
  }

  /// Of a plain request for a block, that was answered with it.
  static RequestEntry of(Connection connection, Reference reference, int bytes, long nanos) {
    return new RequestEntry(
        Instant.now(),
        Protocol.HTTP.scheme(),
        connection.peer().remoteAddress(),
        Method.GET.name(),
        N2rResource.PATH + "?" + reference.toUrn(),
        Integer.toString(HttpResponseStatus.OK.code()),
        bytes,
        nanos / NANOS_PER_MICRO,
        Optional.empty());
  }

  private static String target(Exchange exchange, Routes routes) {
    if (!routes.know(exchange.path())) {
      return UNKNOWN;
    }
    boolean namesBlock =
        exchange.isFor(N2rResource.PATH) && BLOCK.matcher(exchange.query()).matches();
    return exchange.path() + (namesBlock ? "?" + exchange.query() : "");
  }
}
