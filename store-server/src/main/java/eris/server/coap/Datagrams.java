package eris.server.coap;

import eris.stores.coap.CoapCode;
import eris.stores.coap.CoapMessage;
import eris.stores.coap.Datagram;
import eris.stores.coap.MalformedMessage;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The message layer of CoAP over datagrams (RFC 7252, section 4), for a server that has all its
/// answers at hand: they come with the acknowledgement.
final class Datagrams {
  /// The largest answer: 1 KiB and what goes with it.
  static final int MAX_ANSWER_BYTES = 1024 + 128;

  private final BlockResource resource;
  private final RecentPuts puts = new RecentPuts();
  private final AtomicInteger ids = new AtomicInteger();

  Datagrams(BlockResource resource) {
    this.resource = resource;
  }

  /// Answers a datagram, now or from another thread, or not at all.
  void take(ByteBuffer bytes, Peer peer, Consumer<Datagram> reply) {
    int start = bytes.position();
    try {
      take(Datagram.readFrom(bytes), peer, reply);
    } catch (MalformedMessage _) {
      bytes.position(start);
      if (Datagram.isConfirmable(bytes)) {
        reply.accept(Datagram.empty(Datagram.Type.RESET, Datagram.id(bytes)));
      }
    }
  }

  private void take(Datagram datagram, Peer peer, Consumer<Datagram> reply) {
    boolean confirmable = datagram.type() == Datagram.Type.CONFIRMABLE;
    if (!confirmable && datagram.type() != Datagram.Type.NON_CONFIRMABLE) {
      return; // acknowledges or resets what we have sent, and we wait for neither
    }
    CoapMessage request = datagram.message();
    if (!CoapCode.isRequest(request.code())) {
      if (confirmable) { // a ping, or a response to nothing
        reply.accept(Datagram.empty(Datagram.Type.RESET, datagram.id()));
      }
      return;
    }
    if (request.code() == CoapCode.PUT) {
      takePut(datagram, peer, reply);
    } else {
      resource.answer(request, peer, response -> reply.accept(answer(datagram, response)));
    }
  }

  private void takePut(Datagram datagram, Peer peer, Consumer<Datagram> reply) {
    RecentPuts.Entry entry = puts.enter(peer.identity(), datagram.id());
    if (!entry.isFirst()) {
      entry.known().ifPresent(reply);
      return;
    }
    resource.answer(
        datagram.message(),
        peer,
        response -> {
          Datagram answer = answer(datagram, response);
          puts.answered(peer.identity(), datagram.id(), answer);
          reply.accept(answer);
        });
  }

  private Datagram answer(Datagram request, CoapMessage response) {
    boolean confirmable = request.type() == Datagram.Type.CONFIRMABLE;
    return new Datagram(
        confirmable ? Datagram.Type.ACKNOWLEDGEMENT : Datagram.Type.NON_CONFIRMABLE,
        confirmable ? request.id() : ids.getAndIncrement() & 0xffff,
        response.with(request.message().token()));
  }
}
