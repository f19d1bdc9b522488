package eris.server.http;

import eris.ErisException.CorruptBlock;
import eris.codec.Decoder;
import eris.server.blocks.BlockService;
import eris.server.blocks.Overloaded;
import eris.server.blocks.Trouble;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// A range of content, decoded as the client takes it: a piece is made when the one before it has gone,
/// on a thread of the [BlockService], which no client can hold longer than that takes. Every byte was
/// verified before it goes out. What cannot be made cuts the connection, so that half of the content
/// never looks like all of it.
final class ContentAnswer {
  private static final int MOST_PIECE_BYTES = 128 << 10;
  private static final long PAUSE_MILLIS = 20;

  private final Exchange exchange;
  private final BlockService blocks;
  private final Decoder decoder;
  private final Runnable over;
  private long remaining;

  /// @param over is told when this holds no more memory
  ContentAnswer(
      Exchange exchange, BlockService blocks, Decoder decoder, ByteRange range, Runnable over)
      throws IOException {
    this.exchange = exchange;
    this.blocks = blocks;
    this.decoder = decoder.position(range.from());
    this.over = over;
    remaining = range.length();
  }

  /// Sends it all, of which `first` was made before by [#next].
  void send(Answer head, ByteBuf first) {
    exchange.begin(head.status(), head.headers());
    send(first);
  }

  private void send(ByteBuf piece) {
    exchange.send(piece, this::sent);
  }

  /// On the event loop.
  private void sent(ChannelFuture piece) {
    if (!piece.isSuccess()) { // the client has gone
      over.run();
    } else if (remaining == 0) {
      exchange.end();
      over.run();
    } else {
      goOn(piece.channel().eventLoop());
    }
  }

  private void goOn(EventLoop loop) {
    try {
      blocks.execute(this::sendNext);
    } catch (Overloaded _) {
      var _ = loop.schedule(() -> goOn(loop), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void sendNext() {
    ByteBuf piece;
    try {
      piece = next();
    } catch (IOException e) {
      exchange.troubled(Trouble.of(e));
      cut();
      return;
    } catch (RuntimeException | OutOfMemoryError e) {
      exchange.failed(e);
      cut();
      return;
    }
    send(piece);
  }

  private void cut() {
    exchange.cut();
    over.run();
  }

  /// The next piece, which is not empty; the caller releases it.
  ByteBuf next() throws IOException {
    int most = (int) Math.min(remaining, MOST_PIECE_BYTES);
    ByteBuf piece = PooledByteBufAllocator.DEFAULT.directBuffer(most, most);
    try {
      int read = decoder.read(piece.internalNioBuffer(0, most)); // less, before what is wrong
      if (read < 0) {
        throw new EOFException("the content is shorter than its root says");
      }
      remaining -= read;
      return piece.writerIndex(read).retain();
    } catch (CorruptBlock e) {
      blocks.foundCorrupt(e);
      throw e;
    } finally {
      piece.release();
    }
  }
}
