package eris.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/// Responses with all the headers that HTTP wants.
///
/// @param clock what the date is
record Responses(DateHeader clock) {
  /// Asks for the body of a request that waits to be asked.
  static FullHttpResponse goOn() {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE);
  }

  /// A whole answer, of which HEAD gets the headers alone.
  ///
  /// @param answer its body is the response's, or is released
  /// @param last whether the connection ends with it
  FullHttpResponse whole(HttpRequest request, Answer answer, boolean last) {
    ByteBuf body = answer.body();
    int length = body.readableBytes();
    if (request.method().equals(HttpMethod.HEAD)) {
      body.release();
      body = Unpooled.EMPTY_BUFFER;
    }
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), body);
    HttpHeaders headers = response.headers();
    headers.set(answer.headers());
    clock.stamp(headers);
    if (answer.status().code() != HttpResponseStatus.NOT_MODIFIED.code()
        && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
    }
    if (last) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    return response;
  }

  /// The beginning of an answer of parts.
  ///
  /// @param last whether the connection ends with it
  HttpResponse begun(HttpResponseStatus status, HttpHeaders headers, boolean last) {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    response.headers().set(headers);
    clock.stamp(response.headers());
    HttpUtil.setTransferEncodingChunked(
        response, !headers.contains(HttpHeaderNames.CONTENT_LENGTH));
    HttpUtil.setKeepAlive(response, !last);
    return response;
  }

  /// The last that is said in HTTP, before another protocol.
  FullHttpResponse switching(HttpHeaders headers) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.SWITCHING_PROTOCOLS,
            Unpooled.EMPTY_BUFFER,
            headers,
            EmptyHttpHeaders.INSTANCE);
    clock.stamp(response.headers());
    return response;
  }
}
