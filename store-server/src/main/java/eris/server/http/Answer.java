package eris.server.http;

import eris.server.blocks.Trouble;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/// What is said to one request: whole, in memory.
///
/// @param body released by who sends it
record Answer(HttpResponseStatus status, HttpHeaders headers, ByteBuf body) {
  static Answer of(HttpResponseStatus status) {
    return new Answer(status, new DefaultHttpHeaders(), Unpooled.EMPTY_BUFFER);
  }

  /// One line for a person.
  static Answer line(HttpResponseStatus status, String text) {
    ByteBuf body = Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8);
    return new Answer(status, new DefaultHttpHeaders(), body)
        .with(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
  }

  /// What a store in trouble means in HTTP.
  static Answer of(Trouble trouble) {
    return line(
        switch (trouble) {
          case FULL -> HttpResponseStatus.INSUFFICIENT_STORAGE;
          case READ_ONLY -> HttpResponseStatus.METHOD_NOT_ALLOWED;
          case OVERLOADED -> HttpResponseStatus.SERVICE_UNAVAILABLE;
          case WRONG_REFERENCE -> HttpResponseStatus.BAD_REQUEST;
          case CORRUPT, FAILED -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
        },
        trouble.text());
  }

  Answer with(CharSequence name, Object value) {
    headers.set(name, value);
    return this;
  }
}
