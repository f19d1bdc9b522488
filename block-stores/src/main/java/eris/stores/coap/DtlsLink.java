package eris.stores.coap;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.jspecify.annotations.Nullable;

/// Datagrams within DTLS 1.2, by Californium's Scandium. The first one begins the handshake.
final class DtlsLink implements DatagramLink {
  private static final int MAX_WAITING = 64; // the server sends no more than it is asked for

  private final InetSocketAddress server;
  private final DTLSConnector connector;
  private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>(MAX_WAITING);
  private volatile @Nullable Throwable failure;

  private DtlsLink(InetSocketAddress server, DTLSConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  static DtlsLink to(InetSocketAddress server, PresharedKey key) throws IOException {
    DtlsConnectorConfig.Builder config =
        DtlsConnectorConfig.builder(new Configuration(DtlsConfig.DEFINITIONS))
            .setAddress(new InetSocketAddress(0))
            .set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY)
            .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
            .set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1)
            .set(DtlsConfig.DTLS_MAX_CONNECTIONS, 1)
            .setAdvancedPskStore(new AdvancedSinglePskStore(key.name(), key.key()));
    var link = new DtlsLink(server, new DTLSConnector(config.build()));
    link.connector.setRawDataReceiver(data -> link.take(data.getBytes()));
    link.connector.start();
    return link;
  }

  private void take(byte[] datagram) {
    received.offer(datagram); // a network may lose one as well
  }

  @Override
  public void send(ByteBuffer datagram) {
    byte[] bytes = new byte[datagram.remaining()];
    datagram.get(bytes);
    connector.send(
        RawData.outbound(bytes, new AddressEndpointContext(server), new Sending(), false));
  }

  /// @throws IOException if there is no secure connection to receive from
  @Override
  public boolean receive(ByteBuffer target, Duration atMost) throws IOException {
    try {
      byte[] datagram = received.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
      if (datagram == null) {
        requireWorking();
        return false;
      }
      target.put(datagram, 0, Math.min(datagram.length, target.remaining())).flip();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a datagram");
    }
  }

  private void requireWorking() throws IOException {
    if (failure != null) {
      throw new IOException("no secure connection", failure);
    }
  }

  /// Hears whether the handshake succeeded.
  private final class Sending implements MessageCallback {
    @Override
    public void onError(Throwable error) {
      failure = error;
    }

    @Override
    public void onConnecting() {}

    @Override
    public void onDtlsRetransmission(int flight) {}

    @Override
    public void onContextEstablished(EndpointContext context) {}

    @Override
    public void onSent() {}
  }

  @Override
  public void close() {
    connector.destroy();
  }
}
