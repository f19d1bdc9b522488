package eris.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/// A socket in the file system, for other processes of the user that runs the daemon.
final class OwnersSocket implements AutoCloseable {
  private final Path path;
  private final EventLoopGroup loop;
  private final Channel listener;

  private OwnersSocket(Path path, EventLoopGroup loop, Channel listener) {
    this.path = path;
    this.loop = loop;
    this.listener = listener;
  }

  /// Begins to listen.
  ///
  /// @param path in a directory that is the owner's alone, so that nobody is faster than the mode
  static OwnersSocket open(Path path, ChannelHandler initializer) throws IOException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerDomainSocketChannel.class)
            .childHandler(initializer)
            .bind(UnixDomainSocketAddress.of(path))
            .awaitUninterruptibly();
    var socket = new OwnersSocket(path, loop, bound.channel());
    if (!bound.isSuccess()) {
      socket.shutdown();
      throw new IOException("cannot listen at " + path, bound.cause());
    }
    try {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      socket.close();
      socket.shutdown();
      throw e;
    }
    return socket;
  }

  /// Takes no more connections.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    try {
      Files.deleteIfExists(path);
    } catch (IOException _) {
      // The next daemon removes it.
    }
  }

  /// Ends the connections that are left.
  void shutdown() {
    loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(500, TimeUnit.MILLISECONDS);
  }
}
