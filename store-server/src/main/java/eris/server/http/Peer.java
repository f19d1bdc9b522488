package eris.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Optional;

/// The other end of a channel: who it is, and how to part from it.
///
/// @param context at the end of the channel's pipeline
record Peer(ChannelHandlerContext context) {
  private static final InetSocketAddress THIS_MACHINE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /// Where it has come to.
  InetSocketAddress localAddress() {
    return orThisMachine(channel().localAddress());
  }

  InetSocketAddress remoteAddress() {
    return orThisMachine(channel().remoteAddress());
  }

  /// Who comes through a socket in the file system is at this machine.
  private static InetSocketAddress orThisMachine(SocketAddress address) {
    return address instanceof InetSocketAddress internet ? internet : THIS_MACHINE;
  }

  /// Whether it came through the socket that is the owner's of the store alone.
  boolean isOwner() {
    return channel().localAddress() instanceof UnixDomainSocketAddress;
  }

  /// The name in the certificate that it has shown, if it has.
  Optional<String> certifiedName() {
    return ClientCertificate.name(channel());
  }

  /// Sends nothing more. Closing at once would reset a client that still sends, and what was answered
  /// would be lost.
  ///
  /// @param stillSends whether the body of its request is not here yet
  @SuppressWarnings("FutureReturnValueIgnored") // what fails is told to the pipeline as well
  void shutdownOutput(boolean stillSends) {
    SslHandler tls = channel().pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else if (channel() instanceof DuplexChannel socket) {
      socket.shutdownOutput();
    } else if (channel() instanceof Http2StreamChannel && stillSends) {
      context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
    } else {
      context.close();
    }
  }

  private Channel channel() {
    return context.channel();
  }
}
