package eris.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides who answers a request, and answers those itself that nobody should.
final class Routes {
  private static final Resource NOT_FOUND =
      exchange -> exchange.refuse(HttpResponseStatus.NOT_FOUND, "there is nothing at this path");

  private final HostCheck hosts;
  private final Map<String, Resource> resources;

  Routes(HostCheck hosts, Map<String, Resource> resources) {
    this.hosts = hosts;
    this.resources = Map.copyOf(resources);
  }

  /// Passes a request on whose head has come.
  void handle(HttpRequest request, Exchange exchange) {
    HttpHeaders headers = request.headers();
    Optional<Target> target = Target.parse(request.uri());
    List<String> named = headers.getAll(HttpHeaderNames.HOST);
    if (target.isEmpty() || named.size() > 1 || lacksHost(request, named)) {
      exchange.breakOff("the request names no host or path, or several");
    } else if (!isKnown(request.protocolVersion())) {
      exchange.breakOff("want HTTP/1.1");
    } else if (!StrictDecoder.isUnambiguous(request)) {
      exchange.breakOff("the length of the body is not clear");
    } else if (hasUnwantedBody(request)) {
      exchange.breakOff("a request of this method has no body");
    } else if (isForeign(exchange.localAddress(), target.get(), named, headers)) {
      exchange.refuse(
          HttpResponseStatus.FORBIDDEN, "requests for this machine only, from its own pages");
    } else {
      exchange.begin(target.get());
      resources.getOrDefault(target.get().path(), NOT_FOUND).handle(exchange);
    }
  }

  /// Whether there is something at this path.
  boolean know(String path) {
    return resources.containsKey(path);
  }

  /// Whether a plain request to this address may name this host.
  boolean welcomes(InetSocketAddress local, String host) {
    return !local.getAddress().isLoopbackAddress() || hosts.allows(host);
  }

  private static boolean isKnown(HttpVersion version) {
    return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
  }

  private static boolean lacksHost(HttpRequest request, List<String> named) {
    return named.isEmpty() && !request.protocolVersion().equals(HttpVersion.HTTP_1_0);
  }

  private static boolean hasUnwantedBody(HttpRequest request) {
    boolean takesBody =
        request.method().equals(HttpMethod.PUT) || request.method().equals(HttpMethod.POST);
    String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0");
    return !takesBody
        && (!length.equals("0") || request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING));
  }

  private boolean isForeign(
      InetSocketAddress local, Target target, List<String> named, HttpHeaders headers) {
    if (!local.getAddress().isLoopbackAddress()) {
      return false;
    }
    boolean hostAllowed =
        target.authority().map(hosts::allows).orElse(true)
            && named.stream().allMatch(hosts::allows);
    return !hostAllowed
        || !headers.getAll(HttpHeaderNames.ORIGIN).stream().allMatch(hosts::allowsOrigin);
  }
}
