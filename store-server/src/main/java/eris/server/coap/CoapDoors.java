package eris.server.coap;

import eris.server.blocks.BlockService;
import eris.server.config.CoapSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// All doors for CoAP of a daemon.
public final class CoapDoors implements AutoCloseable {
  private final List<CoapDoor> doors = new ArrayList<>();
  private final List<URI> urls = new ArrayList<>();

  private CoapDoors() {}

  /// @throws IOException if an address cannot be had
  public static CoapDoors open(CoapSettings settings, BlockService blocks) throws IOException {
    var opened = new CoapDoors();
    try {
      if (settings.udp().isPresent()) {
        InetSocketAddress address = settings.udp().get();
        opened.add("coap", CoapDoor.udp(address, blocks, of(settings, address)));
      }
      if (settings.tcp().isPresent()) {
        InetSocketAddress address = settings.tcp().get();
        opened.add("coap+tcp", CoapDoor.tcp(address, blocks, of(settings, address)));
      }
      if (settings.dtls().isPresent()) {
        InetSocketAddress address = settings.dtls().get();
        var known = new CoapDoor.Settings(settings.takesBlocksByKeyAt(address), settings.echo());
        opened.add("coaps", CoapDoor.dtls(address, blocks, known, settings.keys()));
      }
      return opened;
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  private static CoapDoor.Settings of(CoapSettings settings, InetSocketAddress address) {
    return new CoapDoor.Settings(settings.takesBlocksAt(address), settings.echo());
  }

  private void add(String scheme, CoapDoor door) throws IOException {
    doors.add(door);
    String host = door.address().getAddress().getHostAddress();
    String literal = host.contains(":") ? "[" + host + "]" : host;
    urls.add(URI.create("%s://%s:%d".formatted(scheme, literal, door.address().getPort())));
  }

  /// Takes blocks where `settings` say so. All else stays as it is.
  public void apply(CoapSettings settings) {
    for (CoapDoor door : doors) {
      try {
        InetSocketAddress address = door.address();
        door.takeBlocks(
            door instanceof DtlsDoor
                ? settings.takesBlocksByKeyAt(address)
                : settings.takesBlocksAt(address));
      } catch (IOException _) {
        // it is closed
      }
    }
  }

  /// Where they are.
  public List<URI> urls() {
    return List.copyOf(urls);
  }

  @Override
  public void close() {
    for (CoapDoor door : doors) {
      try {
        door.close();
      } catch (IOException _) {
        // it is of no use any more
      }
    }
  }
}
