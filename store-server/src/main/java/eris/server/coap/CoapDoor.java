package eris.server.coap;

import eris.server.blocks.BlockService;
import eris.server.blocks.Protocol;
import eris.server.config.EchoMode;
import eris.stores.coap.PresharedKey;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/// Where peers come in by CoAP, until it is closed.
public sealed interface CoapDoor extends Closeable permits UdpDoor, DtlsDoor, TcpDoor {
  /// What holds for all that come in.
  ///
  /// @param takesBlocks whether puts are taken
  /// @param echo over UDP only: others show by connecting where they are
  record Settings(boolean takesBlocks, EchoMode echo) {}

  static CoapDoor udp(InetSocketAddress address, BlockService blocks, Settings settings)
      throws IOException {
    return UdpDoor.open(
        address, new BlockResource(blocks, settings.takesBlocks(), Protocol.COAP), settings.echo());
  }

  /// @param keys that clients may have
  static CoapDoor dtls(
      InetSocketAddress address, BlockService blocks, Settings settings, List<PresharedKey> keys)
      throws IOException {
    return DtlsDoor.open(
        address, new BlockResource(blocks, settings.takesBlocks(), Protocol.COAPS), keys);
  }

  static CoapDoor tcp(InetSocketAddress address, BlockService blocks, Settings settings)
      throws IOException {
    return TcpDoor.open(
        address, new BlockResource(blocks, settings.takesBlocks(), Protocol.COAP_TCP));
  }

  /// Takes blocks from now on, or no longer.
  void takeBlocks(boolean wanted);

  /// Where it is, with the port that the system chose if that was 0.
  InetSocketAddress address() throws IOException;
}
