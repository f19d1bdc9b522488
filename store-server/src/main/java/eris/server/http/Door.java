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

  void opened(Connection connection, Channel channel);

  void closed(Connection connection, Channel channel);

  /// Tells the operator of a failure of ours.
  void report(Throwable failure);
}
