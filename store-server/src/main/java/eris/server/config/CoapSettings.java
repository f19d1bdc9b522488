package eris.server.config;

import eris.server.config.HttpSettings.Put;
import eris.stores.coap.PresharedKey;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// How the doors for CoAP are: those that there are. Port 0 is any that is free.
///
/// @param keys that clients over DTLS may have
/// @param put whether blocks are taken; if empty, only where none but this machine can come in. Off
///     this machine, only who has a key may put.
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

  /// Whether who comes in at `address` may put. Who it is is not known, so it must be this machine.
  public boolean takesBlocksAt(InetSocketAddress address) {
    return put.orElse(Put.ON) == Put.ON && Put.defaultAt(address) == Put.ON;
  }

  /// Whether who comes in at `address` with one of the keys may put.
  public boolean takesBlocksByKeyAt(InetSocketAddress address) {
    return put.orElseGet(() -> Put.defaultAt(address)) != Put.OFF;
  }
}
