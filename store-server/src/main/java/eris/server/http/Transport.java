package eris.server.http;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;

/// How the door reaches the network: Linux's epoll where its native library is, the JDK elsewhere.
enum Transport {
  EPOLL(EpollServerSocketChannel.class),
  NIO(NioServerSocketChannel.class);

  private final Class<? extends ServerChannel> listener;

  Transport(Class<? extends ServerChannel> listener) {
    this.listener = listener;
  }

  static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  Class<? extends ServerChannel> listener() {
    return listener;
  }

  /// Takes over a socket that is listening already.
  ///
  /// @throws IOException if this transport cannot, or there is no such socket
  ServerChannel adopt(int descriptor) throws IOException {
    if (this != EPOLL) {
      throw new IOException(
          "a socket that listens already takes epoll", Epoll.unavailabilityCause());
    }
    try {
      var channel = new EpollServerSocketChannel(descriptor);
      if (channel.localAddress() != null) {
        return channel;
      }
    } catch (ChannelException e) {
      throw new IOException("descriptor %d is no socket".formatted(descriptor), e);
    }
    throw new IOException("descriptor %d does not listen for TCP".formatted(descriptor));
  }

  EventLoopGroup loops(int count) {
    IoHandlerFactory factory =
        switch (this) {
          case EPOLL -> EpollIoHandler.newFactory();
          case NIO -> NioIoHandler.newFactory();
        };
    return new MultiThreadIoEventLoopGroup(count, factory);
  }
}
