package eris.stores.coap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// Datagrams to one server, from one port, and back. Belongs to one thread at a time.
interface DatagramLink extends Closeable {
  void send(ByteBuffer datagram) throws IOException;

  /// Puts the next datagram into `target`, at its position, and flips it. Waits a while; `false` if
  /// none came.
  boolean receive(ByteBuffer target, Duration atMost) throws IOException;

  /// Opens links to one server.
  @FunctionalInterface
  interface Opener {
    DatagramLink open() throws IOException;
  }
}
