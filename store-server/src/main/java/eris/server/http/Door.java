package eris.server.http;

import eris.server.config.HttpSettings.HttpLimits;
import io.netty.channel.Channel;

/// What a connection knows of the door it came through.
interface Door {
  Routes routes();

  HttpLimits limits();

  DateHeader clock();

  /// Whether connections should end with the answer under way.
  boolean isClosing();

  /// Takes room for a body, of that which all connections share.
  ///
  /// @return whether there was as much
  boolean reserve(int bytes);

  /// Gives back what was reserved.
  void release(int bytes);

  void opened(Connection connection, Channel channel);

  void closed(Connection connection, Channel channel);

  /// Tells the operator of a failure of ours.
  void report(Throwable failure);
}
