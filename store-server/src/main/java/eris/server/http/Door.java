package eris.server.http;

import eris.Reference;
import eris.server.blocks.Trouble;
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

  void opened(Client client, Channel channel);

  void closed(Client client, Channel channel);

  /// So much of the body of a request came.
  void received(int bytes);

  /// An answer has begun.
  void began(Exchange exchange);

  /// It is over, or was cut.
  void ended(Exchange exchange);

  /// A request for a block was answered with its `bytes` that came at `startNanos`.
  void answeredGet(Connection connection, Reference reference, long startNanos, int bytes);

  /// A request was answered with what kept us from doing what it asked.
  void report(Exchange exchange, Trouble trouble);

  /// Tells the operator of a failure of ours.
  void report(Throwable failure);
}
