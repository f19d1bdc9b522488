package eris.stores.coap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// Loses the first datagrams, and answers the next one with 4.04.
final class LosingLink implements DatagramLink {
  private final int lost;
  private final List<Datagram> sent;
  private boolean answered;

  LosingLink(int lost, List<Datagram> sent) {
    this.lost = lost;
    this.sent = sent;
  }

  @Override
  public void send(ByteBuffer datagram) throws IOException {
    sent.add(Datagram.readFrom(datagram));
  }

  @Override
  public boolean receive(ByteBuffer target, Duration atMost) {
    if (sent.size() <= lost || answered) {
      return false;
    }
    answered = true;
    Datagram request = sent.getLast();
    new Datagram(
            Datagram.Type.ACKNOWLEDGEMENT,
            request.id(),
            CoapMessage.of(CoapCode.NOT_FOUND).with(request.message().token()))
        .writeTo(target);
    target.flip();
    return true;
  }

  @Override
  public void close() {}
}
