package eris.stores.coap;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One source port, and on it one exchange at a time (RFC 7252, NSTART): a request that is sent again
/// until it is acknowledged, and its response, with the acknowledgement or on its own.
///
/// What else arrives is answered as it must be: pings and responses nobody waits for with a reset,
/// requests (eris-go's servers look for blocks at their clients) with 4.04.
final class Lane implements Closeable {
  private static final Duration ACK_TIMEOUT = Duration.ofSeconds(2);
  private static final int MAX_RETRANSMIT = 4;

  /// After how long a thread notes that it was interrupted.
  private static final Duration SLICE = Duration.ofMillis(200);

  private static final int TOKEN_BYTES = 4;

  private final DatagramLink link;
  private final MessageIds ids;
  private final RandomGenerator random;
  private final Duration ackTimeout;
  private final ByteBuffer output = ByteBuffer.allocate(Datagram.MAX_BYTES);
  private final ByteBuffer input = ByteBuffer.allocate(Datagram.MAX_BYTES + 1);

  Lane(DatagramLink link, MessageIds ids, RandomGenerator random) {
    this(link, ids, random, ACK_TIMEOUT);
  }

  Lane(DatagramLink link, MessageIds ids, RandomGenerator random, Duration ackTimeout) {
    this.link = link;
    this.ids = ids;
    this.random = random;
    this.ackTimeout = ackTimeout;
  }

  /// How long a request would have to wait for a message ID.
  Duration untilReady() {
    return ids.untilNext();
  }

  /// Empty if the server does not answer, or not before the deadline.
  Optional<CoapMessage> exchange(CoapMessage request, Deadline deadline) throws IOException {
    var token = new Token(Integer.toUnsignedLong(random.nextInt()), TOKEN_BYTES);
    var sent = new Datagram(Datagram.Type.CONFIRMABLE, ids.next(), request.with(token));
    var waiting = new Waiting(sent);
    long timeout = ackTimeout.toNanos() + random.nextLong(ackTimeout.toNanos() / 2);
    for (int sending = 0; sending <= MAX_RETRANSMIT && !deadline.isOver(); sending++) {
      send(sent);
      waiting.until(Deadline.in(Duration.ofNanos(timeout << sending)), deadline);
      if (waiting.acknowledged) {
        waiting.until(deadline, deadline);
        break;
      }
    }
    return waiting.response;
  }

  /// Takes datagrams until one is the response to a request.
  private final class Waiting {
    private final Datagram request;
    private boolean acknowledged;
    private Optional<CoapMessage> response = Optional.empty();

    Waiting(Datagram request) {
      this.request = request;
    }

    void until(Deadline ofThis, Deadline ofAll) throws IOException {
      while (!acknowledged || response.isEmpty()) {
        Duration left = shorter(ofThis.remaining(), ofAll.remaining());
        if (left.isZero()) {
          return;
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted while waiting for a response");
        }
        input.clear();
        if (link.receive(input, shorter(left, SLICE))) {
          take();
        }
      }
    }

    private void take() throws IOException {
      try {
        take(Datagram.readFrom(input));
      } catch (MalformedMessage _) {
        input.position(0);
        if (Datagram.isConfirmable(input)) {
          send(Datagram.empty(Datagram.Type.RESET, Datagram.id(input)));
        }
      }
    }

    private void take(Datagram datagram) throws IOException {
      CoapMessage message = datagram.message();
      boolean ours = datagram.id() == request.id();
      boolean answers =
          CoapCode.isResponse(message.code()) && message.token().equals(request.message().token());
      switch (datagram.type()) {
        case ACKNOWLEDGEMENT -> {
          if (ours && (answers || message.code() == CoapCode.EMPTY)) {
            acknowledged = true;
            response = answers ? Optional.of(message) : response;
          }
        }
        case RESET -> {
          if (ours) {
            throw new CoapClient.BrokenExchange("the request was reset");
          }
        }
        case CONFIRMABLE, NON_CONFIRMABLE -> {
          if (answers) {
            acknowledged = true; // if that was lost
            response = Optional.of(message);
          }
          if (datagram.type() == Datagram.Type.CONFIRMABLE) {
            send(reply(datagram, answers));
          }
        }
      }
    }
  }

  private static Datagram reply(Datagram datagram, boolean expected) {
    CoapMessage message = datagram.message();
    if (CoapCode.isRequest(message.code())) {
      return new Datagram(
          Datagram.Type.ACKNOWLEDGEMENT,
          datagram.id(),
          CoapMessage.of(CoapCode.NOT_FOUND).with(message.token()));
    }
    return Datagram.empty(
        expected ? Datagram.Type.ACKNOWLEDGEMENT : Datagram.Type.RESET, datagram.id());
  }

  private void send(Datagram datagram) throws IOException {
    output.clear();
    datagram.writeTo(output);
    link.send(output.flip());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Override
  public void close() throws IOException {
    link.close();
  }
}
