package eris.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/// What is sent to a peer by a thread that waits until the peer takes it.
final class Outgoing extends OutputStream {
  private static final int BUFFER_BYTES = 32 << 10;
  private static final int MOST_UNTAKEN_BYTES = 256 << 10;

  private final Channel channel;
  private final ByteBufAllocator allocator;
  private final Patience patience; // guarded by this
  private ByteBuf buffer;
  private int untakenBytes; // guarded by this
  private boolean broken; // guarded by this

  /// Where it goes to.
  interface Channel {
    /// Sends a part, which it releases, and tells the listener when it is on its way, or never will
    /// be.
    void send(ByteBuf part, ChannelFutureListener listener);
  }

  Outgoing(Channel channel, ByteBufAllocator allocator, Duration silence) {
    this.channel = channel;
    this.allocator = allocator;
    this.patience = new Patience(silence);
    buffer = allocator.directBuffer(0);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    if (buffer.readableBytes() + count > BUFFER_BYTES) {
      flush();
    }
    buffer.writeBytes(bytes, from, count);
    if (buffer.readableBytes() >= BUFFER_BYTES) {
      flush();
    }
  }

  /// Sends bytes as they lie there, and releases them.
  void pass(ByteBuf bytes) throws IOException {
    try {
      flush();
    } catch (IOException e) {
      bytes.release();
      throw e;
    }
    send(bytes);
  }

  @Override
  public void flush() throws IOException {
    if (buffer.isReadable()) {
      ByteBuf full = buffer;
      buffer = allocator.directBuffer(0);
      send(full);
    }
  }

  private void send(ByteBuf part) throws IOException {
    int bytes = part.readableBytes();
    try {
      await();
    } catch (IOException e) {
      part.release();
      throw e;
    }
    synchronized (this) {
      untakenBytes += bytes;
    }
    channel.send(part, sent -> taken(sent, bytes));
  }

  private synchronized void taken(ChannelFuture sent, int bytes) {
    untakenBytes -= bytes;
    patience.moved(bytes);
    broken |= !sent.isSuccess();
    notifyAll();
  }

  private synchronized void await() throws IOException {
    while (!broken && untakenBytes >= MOST_UNTAKEN_BYTES) {
      patience.await(this, "the peer takes nothing, or too slowly");
    }
    if (broken) {
      throw new PeerFailure("the peer has gone");
    }
  }

  /// What was not sent is dropped.
  @Override
  public void close() {
    buffer.release();
  }
}
