package eris.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Sends bytes as they are given, and reads answers: a client that keeps to nothing.
final class RawClient implements AutoCloseable {
  private final Socket socket = new Socket();
  private final InputStream in;

  /// An answer. Names of headers are in lower case.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  RawClient(InetSocketAddress address) throws IOException {
    socket.connect(address);
    socket.setSoTimeout(20_000);
    in = socket.getInputStream();
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /// The next bytes of the server, as they come.
  byte[] read(int count) throws IOException {
    return in.readNBytes(count);
  }

  /// Says that nothing more will be sent.
  void endSending() throws IOException {
    socket.shutdownOutput();
  }

  /// The next answer to a request that has a body in its answer.
  Answer answer() throws IOException {
    return answer(true);
  }

  /// The next answer to a `HEAD`.
  Answer headAnswer() throws IOException {
    return answer(false);
  }

  private Answer answer(boolean withBody) throws IOException {
    String[] status = line().split(" ", 3);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    int length = withBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
    byte[] body =
        withBody && headers.containsKey("transfer-encoding")
            ? chunkedBody()
            : in.readNBytes(length);
    return new Answer(Integer.parseInt(status[1]), headers, body);
  }

  private byte[] chunkedBody() throws IOException {
    var body = new ByteArrayOutputStream();
    for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
      body.write(chunk);
    }
    return body.toByteArray();
  }

  /// The next chunk of an answer in chunks; empty if it was the last.
  byte[] chunk() throws IOException {
    byte[] chunk = in.readNBytes(Integer.parseInt(line(), 16));
    line();
    return chunk;
  }

  /// So many bytes, whatever they mean; fewer if the server closes before.
  byte[] bytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /// Status and headers of the next answer, without its body.
  Answer head() throws IOException {
    return answer(false);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the server has closed, after '" + line + "'");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /// Whether the server closes, and says nothing more before.
  boolean isClosed() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
