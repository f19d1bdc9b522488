package eris.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/// Writes what a plain request is answered with: what [N2rResource] would say, without an object for any
/// part of it.
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the pipeline as well
final class PlainAnswer {
  private static final byte[] DATE = ascii("HTTP/1.1 200 OK\r\ndate: ");
  private static final byte[] LENGTH =
      ascii(
          "\r\ncontent-type: application/octet-stream\r\nx-content-type-options: nosniff"
              + "\r\ncache-control: public, immutable, max-age=31536000\r\ncontent-length: ");
  private static final byte[] TAG = ascii("\r\netag: \"");
  private static final byte[] END = ascii("\"\r\n\r\n");
  private static final int MOST_HEAD_BYTES = 320;
  private static final int COPIED_BYTES = 1024;

  private PlainAnswer() {}

  /// @param request begins with the request, and stays as it is
  /// @param block is released once it is sent
  static void write(ChannelHandlerContext ctx, DateHeader clock, ByteBuf request, ByteBuf block) {
    int size = block.readableBytes();
    boolean copied = size <= COPIED_BYTES;
    ByteBuf out = ctx.alloc().ioBuffer(MOST_HEAD_BYTES + (copied ? size : 0));
    out.writeBytes(DATE).writeBytes(clock.bytes()).writeBytes(LENGTH);
    writeNumber(out, size);
    out.writeBytes(TAG);
    PlainGet.writeReference(request, out);
    out.writeBytes(END);
    if (copied) { // one buffer is sooner sent than two
      out.writeBytes(block);
      block.release();
      ctx.write(out, ctx.voidPromise());
    } else {
      ctx.write(out, ctx.voidPromise());
      ctx.write(block, ctx.voidPromise());
    }
  }

  private static void writeNumber(ByteBuf out, int number) {
    if (number >= 10) {
      writeNumber(out, number / 10);
    }
    out.writeByte('0' + number % 10);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
