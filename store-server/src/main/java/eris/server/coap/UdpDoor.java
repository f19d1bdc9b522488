package eris.server.coap;

import eris.server.config.EchoMode;
import eris.stores.coap.Datagram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.function.Consumer;

/// CoAP over UDP. One thread receives and answers what is in memory, so that the usual request costs
/// two system calls and no change of threads.
final class UdpDoor implements CoapDoor {
  private static final int RECEIVE_BUFFER_BYTES = 1 << 20; // what comes while the thread is busy

  private final DatagramChannel channel;
  private final BlockResource resource;
  private final Datagrams datagrams;
  private final EchoGate gate;
  private final ByteBuffer output =
      ByteBuffer.allocateDirect(Datagram.MAX_BYTES); // guarded by itself
  private final Thread receiver;

  private UdpDoor(DatagramChannel channel, BlockResource resource, EchoGate gate) {
    this.channel = channel;
    this.resource = resource;
    datagrams = new Datagrams(resource);
    this.gate = gate;
    receiver = Thread.ofPlatform().daemon().name("eris-coap-udp").unstarted(this::receiveAll);
  }

  static UdpDoor open(InetSocketAddress address, BlockResource resource, EchoMode echo)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      channel.bind(address);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    var door = new UdpDoor(channel, resource, new EchoGate(echo, System::nanoTime));
    door.receiver.start();
    return door;
  }

  private void receiveAll() {
    ByteBuffer input = ByteBuffer.allocateDirect(Datagram.MAX_BYTES + 1);
    while (channel.isOpen()) {
      input.clear();
      try {
        SocketAddress source = channel.receive(input);
        if (input.flip().remaining() <= Datagram.MAX_BYTES) { // longer ones are cut
          answer(input, (InetSocketAddress) source);
        }
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException _) {
        // a note of the network about one peer is no reason to stop
      }
    }
  }

  private void answer(ByteBuffer input, InetSocketAddress source) {
    var peer =
        new Peer(source, source, Datagrams.MAX_ANSWER_BYTES, gate.challenge(source.getAddress()));
    datagrams.take(input, peer, reply(source));
  }

  private Consumer<Datagram> reply(InetSocketAddress target) {
    return answer -> {
      synchronized (output) {
        output.clear();
        answer.writeTo(output);
        try {
          channel.send(output.flip(), target);
        } catch (IOException _) {
          // who needs the answer asks again
        }
      }
    };
  }

  @Override
  public void takeBlocks(boolean wanted) {
    resource.takeBlocks(wanted);
  }

  @Override
  public InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
