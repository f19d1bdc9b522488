package eris.server.config;

import eris.server.config.HttpSettings.Put;
import eris.stores.coap.PresharedKey;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// How the doors for CoAP are: those that there are. Port 0 is any that is free.
///
/// @param keys that clients over DTLS may have
/// @param put whether blocks are taken; from other machines only over DTLS; if empty, none from there
public record CoapSettings(
    Optional<InetSocketAddress> udp,
    Optional<InetSocketAddress> tcp,
    Optional<InetSocketAddress> dtls,
    List<PresharedKey> keys,
    EchoMode echo,
    Optional<Put> put) {
  /// No doors.
  public static final CoapSettings NONE =
      new CoapSettings(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          EchoMode.AUTO,
          Optional.empty());

  public CoapSettings {
    keys = List.copyOf(keys);
  }

  /// Whether whoever asks there may put blocks: only somebody at this machine.
  public boolean takesBlocksAt(InetSocketAddress address) {
    return put.orElseGet(() -> Put.defaultAt(address)) == Put.ON
        && address.getAddress().isLoopbackAddress();
  }

  /// Whether clients that have shown a key may put blocks there.
  public boolean takesBlocksOfKnownClientsAt(InetSocketAddress address) {
    return put.orElseGet(() -> Put.defaultAt(address)) != Put.OFF;
  }
}
