package eris.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import org.jspecify.annotations.Nullable;

/// Looks whether a connection begins as one of HTTP/2 does (RFC 9113, section 3.4), and leaves.
final class Http2Preface extends ChannelInboundHandlerAdapter {
  private final Pipelines pipelines;
  private @Nullable ByteBuf begun; // of a preface that is not all there

  Http2Preface(Pipelines pipelines) {
    this.pipelines = pipelines;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (begun != null) {
      in = begun.writeBytes(in);
      ((ByteBuf) message).release();
      begun = null;
    }
    ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
    int compared = Math.min(in.readableBytes(), preface.readableBytes());
    boolean same = ByteBufUtil.equals(in, in.readerIndex(), preface, 0, compared);
    if (same && compared < preface.readableBytes()) {
      begun = ctx.alloc().buffer().writeBytes(in);
      in.release();
      return;
    }
    if (same) {
      pipelines.changeToHttp2(ctx.channel());
    }
    ctx.pipeline().remove(this);
    ctx.pipeline().fireChannelRead(in);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (begun != null) {
      begun.release();
      begun = null;
    }
  }
}
