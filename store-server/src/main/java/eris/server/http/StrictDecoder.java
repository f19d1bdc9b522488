package eris.server.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;

/// Decodes HTTP/1.1 and takes nothing that another server before this one could read otherwise: who
/// smuggles a request is told 400.
final class StrictDecoder extends HttpRequestDecoder {
  static final int MOST_LINE_BYTES = 1024;
  static final int MOST_HEADER_BYTES = 8192;

  StrictDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MOST_LINE_BYTES)
            .setMaxHeaderSize(MOST_HEADER_BYTES)
            .setMaxChunkSize(1 << 16)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true)
            .setAllowDuplicateContentLengths(false));
  }

  /// Whether all that came was decoded.
  boolean isEmpty() {
    return actualReadableBytes() == 0;
  }

  /// Where a length and chunks disagree, two servers see two requests.
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("a length and chunks");
  }

  /// Whether the body of a decoded request has one meaning only.
  static boolean isUnambiguous(HttpMessage message) {
    List<String> codings = message.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.isEmpty()) {
      return true;
    }
    return codings.size() == 1
        && codings.getFirst().equalsIgnoreCase("chunked")
        && message.protocolVersion().equals(HttpVersion.HTTP_1_1);
  }
}
