package eris.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// The end of a connection of HTTP/2, whose requests are on its streams: ends it when there has been none
/// for long, or when no more can come and all that came is answered.
@SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the pipeline as well
final class Http2Session extends ChannelInboundHandlerAdapter implements Client {
  private final Door door;
  private final Http2FrameCodec codec;
  private final Deadline deadline = new Deadline();
  private @Nullable ChannelHandlerContext context;
  private boolean inputEnded;

  Http2Session(Door door, Http2FrameCodec codec) {
    this.door = door;
    this.codec = codec;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    postpone();
    codec.connection().addListener(new StreamEnds());
    door.opened(this, ctx.channel());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    context = null;
    door.closed(this, ctx.channel());
  }

  private void postpone() {
    deadline.set(door.limits().idle());
  }

  @Override
  public boolean isIdle() {
    return codec.connection().numActiveStreams() == 0;
  }

  @Override
  public void cutIfLate(long now) {
    if (inputEnded) {
      resetHopeless();
    }
    if (!isIdle()) {
      postpone();
    } else if (deadline.isOver(now) && context != null) {
      var _ = context.close();
    }
  }

  private final class StreamEnds extends Http2ConnectionAdapter {
    @Override
    public void onStreamRemoved(Http2Stream stream) {
      closeIfOver();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      resetHopeless();
      closeIfOver();
    }
  }

  /// Ends the streams on which nothing can go on, since nothing more comes from the client.
  private void resetHopeless() {
    try {
      codec
          .connection()
          .forEachActiveStream(
              stream -> {
                if (isHopeless(stream)) {
                  reset(stream);
                }
                return true; // go on to the next
              });
    } catch (Http2Exception e) {
      throw new IllegalStateException(e); // the visitor throws none
    }
  }

  /// Whether the request will not come whole, or the client took no more of the answer.
  private boolean isHopeless(Http2Stream stream) {
    Http2RemoteFlowController flow = codec.connection().remote().flowController();
    return stream.state().remoteSideOpen()
        || flow.hasFlowControlled(stream) && flow.windowSize(stream) <= 0;
  }

  private void reset(Http2Stream stream) {
    if (context != null) {
      ChannelHandlerContext sender = context.pipeline().context(codec);
      long code = Http2Error.PROTOCOL_ERROR.code();
      codec.resetStream(sender, stream.id(), code, sender.newPromise());
      sender.flush();
    }
  }

  private void closeIfOver() {
    if (inputEnded && isIdle() && context != null) {
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
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
