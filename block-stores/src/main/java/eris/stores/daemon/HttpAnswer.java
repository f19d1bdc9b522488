package eris.stores.daemon;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The answer to a request in HTTP/1.1: its head, and its body as it comes.
final class HttpAnswer {
  private static final int MOST_HEAD_BYTES = 1 << 14;

  private final int status;
  private final Map<String, String> headers;
  private final InputStream body;

  private HttpAnswer(int status, Map<String, String> headers, InputStream in) throws IOException {
    this.status = status;
    this.headers = headers;
    body = bodyOf(in);
  }

  /// @throws EOFException if there is none
  /// @throws ProtocolException if it is something else than HTTP/1.1
  static HttpAnswer readFrom(InputStream in) throws IOException {
    var lines = new Lines(in);
    String[] words = lines.next().split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-9][0-9]{2}")) {
      throw new ProtocolException("no http");
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("no http");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new HttpAnswer(Integer.parseInt(words[1]), headers, in);
  }

  int status() {
    return status;
  }

  /// @param name in lower case
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  InputStream body() {
    return body;
  }

  /// Whether another request may follow, once the body is read.
  boolean isKeptAlive() {
    return header("connection").filter(value -> value.equalsIgnoreCase("close")).isEmpty();
  }

  private InputStream bodyOf(InputStream in) throws IOException {
    if (header("transfer-encoding")
        .filter(value -> value.equalsIgnoreCase("chunked"))
        .isPresent()) {
      return new Chunks(in);
    }
    try {
      return new Part(in, Long.parseLong(header("content-length").orElse("0")));
    } catch (NumberFormatException e) {
      throw new ProtocolException("no http");
    }
  }

  /// Lines of a bounded number of bytes, all together.
  private static final class Lines {
    private final InputStream in;
    private int left = MOST_HEAD_BYTES;

    Lines(InputStream in) {
      this.in = in;
    }

    String next() throws IOException {
      var line = new StringBuilder();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new EOFException("the answer ends early");
        }
        if (--left < 0) {
          throw new ProtocolException("no http");
        }
        line.append((char) next);
      }
      return line.toString().stripTrailing();
    }
  }

  /// A number of bytes.
  private static final class Part extends InputStream {
    private final InputStream in;
    private long left;

    Part(InputStream in, long length) {
      this.in = in;
      left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int read = in.read(target, from, (int) Math.min(count, left));
      if (read < 0) {
        throw new EOFException("the answer ends early");
      }
      left -= read;
      return read;
    }
  }

  /// `Transfer-Encoding: chunked` (RFC 9112, section 7.1).
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private Part chunk;
    private boolean begun;
    private boolean ended;

    Chunks(InputStream in) {
      this.in = in;
      chunk = new Part(in, 0);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      while (!ended) {
        int read = chunk.read(target, from, count);
        if (read >= 0) {
          return read;
        }
        nextChunk();
      }
      return -1;
    }

    private void nextChunk() throws IOException {
      var lines = new Lines(in);
      if (begun && !lines.next().isEmpty()) {
        throw new ProtocolException("no http");
      }
      begun = true;
      String size = lines.next().replaceAll(";.*", "").strip();
      if (!size.matches("[0-9a-fA-F]{1,8}")) {
        throw new ProtocolException("no http");
      }
      long bytes = Long.parseLong(size, 16);
      chunk = new Part(in, bytes);
      if (bytes == 0) {
        ended = true;
        while (!lines.next().isEmpty()) {
          // trailers mean nothing here
        }
      }
    }
  }

  /// The line for a person in an answer that is none of those that were hoped for.
  String line() throws IOException {
    return new String(body.readNBytes(256), StandardCharsets.UTF_8)
        .lines()
        .findFirst()
        .orElse("")
        .replaceAll("[^ -~]", "?");
  }
}
