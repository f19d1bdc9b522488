package eris.stores.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// Plain datagrams. The socket is connected, so that it hears the server only, and hears it if that
/// is not there.
final class UdpLink implements DatagramLink {
  private final DatagramSocket socket;

  private UdpLink(DatagramSocket socket) {
    this.socket = socket;
  }

  static UdpLink to(InetSocketAddress server) throws IOException {
    var socket = new DatagramSocket();
    try {
      socket.connect(server);
      return new UdpLink(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void send(ByteBuffer datagram) throws IOException {
    socket.send(new DatagramPacket(datagram.array(), datagram.arrayOffset(), datagram.limit()));
  }

  @Override
  public boolean receive(ByteBuffer target, Duration atMost) throws IOException {
    var packet = new DatagramPacket(target.array(), target.arrayOffset(), target.capacity());
    socket.setSoTimeout((int) Math.max(1, atMost.toMillis()));
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException _) {
      return false;
    }
    target.position(0).limit(packet.getLength());
    return true;
  }

  @Override
  public void close() {
    socket.close();
  }
}
