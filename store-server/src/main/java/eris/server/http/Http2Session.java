package eris.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// The end of a connection of HTTP/2, whose requests are on its streams: ends it when there has been none
/// for long.
final class Http2Session extends ChannelInboundHandlerAdapter implements Client {
  private final Door door;
  private final Http2FrameCodec codec;
  private @Nullable ChannelHandlerContext context;
  private long deadline;

  Http2Session(Door door, Http2FrameCodec codec) {
    this.door = door;
    this.codec = codec;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    postpone();
    door.opened(this, ctx.channel());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    context = null;
    door.closed(this, ctx.channel());
  }

  private void postpone() {
    deadline = System.nanoTime() + door.limits().idle().toNanos();
  }

  @Override
  public boolean isIdle() {
    return codec.connection().numActiveStreams() == 0;
  }

  @Override
  public void cutIfLate(long now) {
    if (!isIdle()) {
      postpone();
    } else if (now - deadline > 0 && context != null) {
      var _ = context.close();
    }
  }

  /// Frames of the connection itself, which mean nothing to us.
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  /// What goes wrong here is the client's doing, or the network's.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
