package eris.server.coap;

import eris.BlockSize;
import eris.Reference;
import eris.server.blocks.BlockService;
import eris.server.blocks.Protocol;
import eris.server.config.EchoMode;
import eris.server.config.StoreLimits;
import eris.store.BlockStore;
import eris.store.MemoryBlockStore;
import eris.stores.Right;
import eris.stores.StoreUrl;
import eris.stores.coap.PresharedKey;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Doors on the loopback interface, all to one store.
final class CoapFixture implements AutoCloseable {
  static final String KEY_LINE = "alice:00112233445566778899aabbccddeeff\n";

  final MemoryBlockStore held = new MemoryBlockStore();
  private final Random random = new Random(5);
  private final BlockService blocks;
  private final Deque<Closeable> open = new ArrayDeque<>();

  CoapFixture() {
    blocks = new BlockService(held, StoreLimits.DEFAULT);
    open.push(blocks::close);
  }

  /// With another store than [#held].
  CoapFixture(BlockStore store) {
    blocks = new BlockService(store, StoreLimits.DEFAULT);
    open.push(blocks::close);
  }

  static CoapDoor.Settings settings() {
    return new CoapDoor.Settings(true, EchoMode.AUTO);
  }

  static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  CoapDoor udp(CoapDoor.Settings settings) throws IOException {
    return opened(CoapDoor.udp(anyPort(), blocks, settings));
  }

  CoapDoor udp() throws IOException {
    return udp(settings());
  }

  CoapDoor tcp() throws IOException {
    return opened(CoapDoor.tcp(anyPort(), blocks, settings()));
  }

  CoapDoor tcp(TcpDoor.Patience patience) throws IOException {
    return opened(
        TcpDoor.open(anyPort(), new BlockResource(blocks, true, Protocol.COAP_TCP), patience));
  }

  CoapDoor dtls(Path directory) throws IOException {
    return dtls(directory, KEY_LINE);
  }

  CoapDoor dtls(Path directory, String keyLine) throws IOException {
    Path file = Files.writeString(directory.resolve("server-keys"), keyLine);
    return opened(CoapDoor.dtls(anyPort(), blocks, settings(), PresharedKey.readAll(file)));
  }

  private CoapDoor opened(CoapDoor door) {
    open.push(door);
    return door;
  }

  static Path keyFile(Path directory) throws IOException {
    return Files.writeString(directory.resolve("keys"), KEY_LINE);
  }

  static StoreUrl.Coap url(String scheme, CoapDoor door, Optional<Path> keyFile)
      throws IOException {
    URI base =
        URI.create(
            "%s://127.0.0.1:%d/.well-known/eris".formatted(scheme, door.address().getPort()));
    return new StoreUrl.Coap(base, keyFile, Set.of(Right.GET, Right.PUT));
  }

  byte[] bytes(BlockSize size) {
    byte[] bytes = new byte[size.bytes()];
    random.nextBytes(bytes);
    return bytes;
  }

  Reference hold(byte[] block) {
    Reference reference = Reference.of(MemorySegment.ofArray(block));
    held.put(reference, MemorySegment.ofArray(block));
    return reference;
  }

  boolean holds(byte[] block) {
    return held.contains(Reference.of(MemorySegment.ofArray(block)));
  }

  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
