package eris.stores.coap;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// One end of a CoAP connection over TCP (RFC 8323), a client's as well as a server's. Sends and
/// receives whole messages, and does by itself what is about the connection: says what it takes (CSM),
/// answers pings, notes a release, ends with an abort what cannot go on.
///
/// One thread receives, any may send. Both block, so they want virtual threads; whoever looks after
/// connections closes those of which [#stalledFor] says too much.
public final class CoapConnection implements Closeable {
  /// A block of 32 KiB and any options, and what other servers say too.
  public static final int MAX_MESSAGE_BYTES = 1 << 16;

  /// What a peer takes that has not said more (RFC 8323, section 5.3.1).
  static final int BASE_MAX_MESSAGE_BYTES = 1152;

  private static final int FIRST_INPUT_BYTES = 2048;

  // Options of signals: their numbers mean something else with each code.
  private static final int CSM_MAX_MESSAGE_SIZE = 2;
  private static final int CSM_BLOCK_WISE = 4;
  private static final int ABORT_BAD_CSM_OPTION = 2;

  private final SocketChannel channel;
  private final ReentrantLock sending = new ReentrantLock();
  private ByteBuffer input = ByteBuffer.allocate(FIRST_INPUT_BYTES).flip(); // the receiver's own

  private volatile int peerMaxMessageBytes = BASE_MAX_MESSAGE_BYTES;
  private volatile boolean peerTakesParts;
  private final CountDownLatch greeting = new CountDownLatch(1); // or the end
  private volatile boolean released;
  private volatile boolean partial; // some of a message has arrived
  private volatile boolean blocked; // in a write
  private volatile long receivingSince = System.nanoTime();
  private volatile long sendingSince;

  public CoapConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /// Says what we take. To be called first.
  public void greet() throws IOException {
    send(
        CoapMessage.of(
            CoapCode.CSM,
            CoapOption.uint(CSM_MAX_MESSAGE_SIZE, MAX_MESSAGE_BYTES),
            CoapOption.of(CSM_BLOCK_WISE, new byte[0])));
  }

  /// The next request or response. Empty once the peer sends no more, and once after each release:
  /// what it sent before that can still be answered, and it may still answer.
  ///
  /// @throws MalformedMessage if it sends what is no message or too long; it was told so
  public Optional<CoapMessage> receive() throws IOException {
    while (true) {
      Optional<CoapMessage> message = receiveAny();
      if (message.isEmpty()) {
        return message;
      }
      int code = message.get().code();
      if (CoapCode.isSignal(code)) {
        obey(message.get());
        if (code == CoapCode.RELEASE) {
          return Optional.empty();
        }
      } else if (code != CoapCode.EMPTY) { // which only shows that somebody is there
        return message;
      }
    }
  }

  private Optional<CoapMessage> receiveAny() throws IOException {
    try {
      while (true) {
        Optional<CoapMessage> message = Frame.readFrom(input, MAX_MESSAGE_BYTES);
        if (message.isPresent()) {
          setPartial(input.hasRemaining());
          return message;
        }
        if (!readMore()) {
          return message;
        }
      }
    } catch (MalformedMessage e) {
      abort(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void setPartial(boolean isPartial) {
    partial = isPartial;
    receivingSince = System.nanoTime();
  }

  /// Waits for more of a message. Room for it grows with what has come, not with what was announced.
  private boolean readMore() throws IOException {
    boolean full = input.remaining() == input.capacity();
    ByteBuffer room =
        full ? ByteBuffer.allocate(Math.min(2 * input.capacity(), MAX_MESSAGE_BYTES)) : input;
    if (full) {
      room.put(input);
    } else {
      room.compact();
    }
    int count = channel.read(room);
    input = room.flip();
    if (count >= 0 && !partial) {
      setPartial(true);
    }
    if (count < 0 && input.hasRemaining()) {
      throw new EOFException("the peer hung up within a message");
    }
    return count >= 0;
  }

  private void obey(CoapMessage signal) throws IOException {
    switch (signal.code()) {
      case CoapCode.CSM -> learn(signal.options());
      case CoapCode.PING -> send(CoapMessage.of(CoapCode.PONG).with(signal.token()));
      case CoapCode.RELEASE -> released = true;
      case CoapCode.ABORT -> throw new EOFException("the peer aborted the connection");
      default -> {} // Pong, and what is still unknown
    }
  }

  private void learn(CoapOptions options) throws IOException {
    for (CoapOption option : options.all()) {
      switch (option.number()) {
        case CSM_MAX_MESSAGE_SIZE ->
            peerMaxMessageBytes =
                (int) Math.min(option.uint().orElse(BASE_MAX_MESSAGE_BYTES), MAX_MESSAGE_BYTES);
        case CSM_BLOCK_WISE -> peerTakesParts = true;
        default -> {
          if (option.isCritical()) {
            abort(
                CoapMessage.diagnostic(CoapCode.ABORT, "an unknown option of a csm")
                    .with(CoapOption.uint(ABORT_BAD_CSM_OPTION, option.number())));
            throw new MalformedMessage("an unknown option of a csm");
          }
        }
      }
    }
    greeting.countDown();
  }

  /// Sends a message, which the caller has made to fit [#peerMaxMessageBytes].
  public void send(CoapMessage message) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Frame.encodedBytes(message));
    Frame.writeTo(bytes, message);
    bytes.flip();
    sending.lock();
    try {
      sendingSince = System.nanoTime();
      blocked = true;
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } finally {
      blocked = false;
      sending.unlock();
    }
  }

  /// Whether the peer has said what it takes.
  public boolean isGreeted() {
    return greeting.getCount() == 0;
  }

  /// Waits until the peer has said what it takes, or the connection ends. `false` if neither is so
  /// within `atMost`.
  boolean awaitGreeting(Duration atMost) throws InterruptedException {
    return greeting.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Whether the peer wants the connection to end.
  public boolean isReleased() {
    return released;
  }

  public int peerMaxMessageBytes() {
    return peerMaxMessageBytes;
  }

  public boolean peerTakesParts() {
    return peerTakesParts;
  }

  /// For how long the peer has kept us waiting: for its first message, for the rest of one that it
  /// has begun, or to take what we send.
  public Duration stalledFor() {
    long now = System.nanoTime();
    long receiving = partial || !isGreeted() ? now - receivingSince : 0;
    long taking = blocked ? now - sendingSince : 0;
    return Duration.ofNanos(Math.max(receiving, taking));
  }

  /// For how long nothing has come.
  public Duration idleFor() {
    return Duration.ofNanos(System.nanoTime() - receivingSince);
  }

  /// Asks the peer to end the connection once what is under way is answered.
  public void release() throws IOException {
    send(CoapMessage.of(CoapCode.RELEASE));
  }

  private void abort(String line) {
    abort(CoapMessage.diagnostic(CoapCode.ABORT, line));
  }

  private void abort(CoapMessage signal) {
    try {
      send(signal);
    } catch (IOException _) {
      // it is for the peer's information
    }
  }

  @Override
  public void close() throws IOException {
    greeting.countDown();
    channel.close();
  }
}
