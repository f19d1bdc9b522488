package eris.server.coap;

import eris.stores.coap.Datagram;
import eris.stores.coap.PresharedKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedMultiPskStore;

/// CoAP over DTLS 1.2 with preshared keys, by Californium's Scandium.
final class DtlsDoor implements CoapDoor {
  private static final int MAX_SESSIONS = 4096;
  private static final int MAX_WAITING = 4096; // datagrams, in each direction
  private static final long STALE_SECONDS = 60; // may make room for a new session

  private final DTLSConnector connector;
  private final BlockResource resource;
  private final Datagrams datagrams;

  private DtlsDoor(DTLSConnector connector, BlockResource resource) {
    this.connector = connector;
    this.resource = resource;
    datagrams = new Datagrams(resource);
  }

  static DtlsDoor open(InetSocketAddress address, BlockResource resource, List<PresharedKey> keys)
      throws IOException {
    var store = new AdvancedMultiPskStore();
    keys.forEach(key -> store.setKey(key.name(), key.key()));
    DtlsConnectorConfig.Builder config =
        DtlsConnectorConfig.builder(new Configuration(DtlsConfig.DEFINITIONS))
            .setAddress(address)
            .set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.SERVER_ONLY)
            .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
            .set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 2)
            .set(DtlsConfig.DTLS_MAX_CONNECTIONS, MAX_SESSIONS)
            .set(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, STALE_SECONDS, TimeUnit.SECONDS)
            .set(DtlsConfig.DTLS_MAX_PENDING_OUTBOUND_JOBS, MAX_WAITING)
            .set(DtlsConfig.DTLS_MAX_PENDING_INBOUND_JOBS, MAX_WAITING)
            .setAdvancedPskStore(store);
    var door = new DtlsDoor(new DTLSConnector(config.build()), resource);
    door.connector.setRawDataReceiver(door::take);
    door.connector.start();
    return door;
  }

  /// The handshake has shown where the peer is.
  private void take(RawData data) {
    InetSocketAddress source = data.getInetSocketAddress();
    var peer = new Peer(source, source, Datagrams.MAX_ANSWER_BYTES, Optional.empty());
    datagrams.take(ByteBuffer.wrap(data.getBytes()), peer, reply(data.getEndpointContext()));
  }

  private Consumer<Datagram> reply(EndpointContext context) {
    return answer -> {
      ByteBuffer bytes = ByteBuffer.allocate(answer.encodedBytes());
      answer.writeTo(bytes);
      connector.send(RawData.outbound(bytes.array(), context, null, false));
    };
  }

  @Override
  public void takeBlocks(boolean wanted) {
    resource.takeBlocks(wanted);
  }

  @Override
  public InetSocketAddress address() {
    return connector.getAddress();
  }

  @Override
  public void close() {
    connector.destroy();
  }
}
