package eris.stores.coap;

import eris.BlockSize;
import eris.stores.Clock;
import eris.stores.coap.DatagramLink.Opener;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A client over UDP, or over DTLS on it. Each request, with all its parts, has a source port to
/// itself while it lasts.
final class DatagramClient implements CoapClient {
  private static final int MAX_PAYLOAD_BYTES = 1024;
  private static final int TAG_BYTES = 8;

  private final String server;
  private final CoapStore.Limits limits;
  private final RandomGenerator random;
  private final Lanes lanes;

  /// @param server what messages call it
  /// @param random safe for concurrent use
  DatagramClient(
      String server,
      Opener links,
      int maxPorts,
      CoapStore.Limits limits,
      Clock clock,
      RandomGenerator random) {
    this.server = server;
    this.limits = limits;
    this.random = random;
    lanes =
        new Lanes(
            maxPorts,
            () ->
                new Lane(
                    links.open(), new MessageIds(clock, random.nextInt(MessageIds.COUNT)), random));
  }

  @Override
  public CoapMessage send(CoapMessage request) throws IOException {
    Lane lane = lanes.take();
    boolean whole = false;
    try {
      CoapMessage response = sendOn(lane, request);
      whole = true;
      return response;
    } catch (BrokenExchange e) {
      throw new BrokenExchange(server + " reset the request", e);
    } catch (PortUnreachableException e) {
      throw new IOException("nothing answers at " + server, e);
    } finally {
      if (whole) {
        lanes.putBack(lane);
      } else {
        lanes.discard(lane);
      }
    }
  }

  private CoapMessage sendOn(Lane lane, CoapMessage request) throws IOException {
    Deadline deadline = Deadline.in(limits.request());
    var parts =
        new Parts(part -> exchange(lane, part, deadline), MAX_PAYLOAD_BYTES, BlockSize.MAX_BYTES);
    byte[] tag = new byte[TAG_BYTES];
    random.nextBytes(tag);
    return parts.send(request, CoapOption.of(CoapOption.REQUEST_TAG, tag));
  }

  /// A server may want to see first that we are where our datagrams seem to come from (RFC 9175,
  /// Echo).
  private CoapMessage exchange(Lane lane, CoapMessage request, Deadline deadline)
      throws IOException {
    CoapMessage response = exchangeOnce(lane, request, deadline);
    Optional<CoapOption> echo = response.options().first(CoapOption.ECHO);
    return response.code() == CoapCode.UNAUTHORIZED && echo.isPresent()
        ? exchangeOnce(lane, request.with(echo.get()), deadline)
        : response;
  }

  private CoapMessage exchangeOnce(Lane lane, CoapMessage request, Deadline deadline)
      throws IOException {
    return lane.exchange(request, deadline)
        .orElseThrow(() -> new IOException("no answer from " + server));
  }

  @Override
  public void close() throws IOException {
    lanes.close();
  }
}
