package eris.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.Consumer;

/// A body that is taken as a whole, in a buffer of its full size: what comes is copied once.
final class Collector implements Body {
  private final ByteBuf bytes;
  private final Consumer<ByteBuf> whole;
  private final Runnable tooLarge;
  private boolean done; // and the buffer is no longer ours

  /// @param whole gets the buffer, and releases it
  Collector(ByteBufAllocator allocator, int mostBytes, Consumer<ByteBuf> whole, Runnable tooLarge) {
    bytes = allocator.directBuffer(mostBytes, mostBytes);
    this.whole = whole;
    this.tooLarge = tooLarge;
  }

  @Override
  public boolean take(HttpContent part) {
    if (part.content().readableBytes() > bytes.writableBytes()) {
      abort();
      tooLarge.run();
      return true;
    }
    bytes.writeBytes(part.content());
    if (part instanceof LastHttpContent) {
      done = true;
      whole.accept(bytes);
      return true;
    }
    return false;
  }

  @Override
  public void abort() {
    if (!done) {
      done = true;
      bytes.release();
    }
  }
}
