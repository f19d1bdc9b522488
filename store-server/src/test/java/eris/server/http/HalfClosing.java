package eris.server.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// Sends all it has, says that this was all, and hears what there is to hear.
final class HalfClosing {
  private static final int PATIENCE_MILLIS = 20_000;

  private HalfClosing() {}

  /// Everything that comes back until the server closes, as ISO 8859-1.
  ///
  /// @throws java.net.SocketTimeoutException if it says nothing and does not close
  static String talk(InetSocketAddress address, byte[]... parts) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(address);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      send(socket, parts);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException _) {
      return ""; // it had heard enough
    }
  }

  private static void send(Socket socket, byte[]... parts) {
    try {
      for (byte[] part : parts) {
        socket.getOutputStream().write(part);
      }
      socket.shutdownOutput();
    } catch (IOException _) {
      // it answers before it has all
    }
  }
}
