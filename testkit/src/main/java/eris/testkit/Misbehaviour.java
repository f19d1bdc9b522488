package eris.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/// What a [BlockServer] can do instead of answering with the block it holds. The connection is
/// closed after it.
public enum Misbehaviour {
  NEVER_ANSWERS {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws InterruptedException {
      end.await();
    }
  },
  STALLS_IN_BODY {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end)
        throws IOException, InterruptedException {
      head(out, "200 OK", "Content-Length: " + block.length);
      out.write(block, 0, block.length / 2);
      out.flush();
      end.await();
    }
  },
  CLOSES_IN_BODY {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "200 OK", "Content-Length: " + block.length);
      out.write(block, 0, block.length / 2);
    }
  },
  SHORT_BODY {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "200 OK", "Content-Length: " + block.length / 2);
      out.write(block, 0, block.length / 2);
    }
  },
  WRONG_BODY {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "200 OK", "Content-Length: " + block.length);
      out.write(new byte[block.length]);
    }
  },
  /// As long as it says, which is 2^60 bytes.
  HUGE_BODY {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "200 OK", "Content-Length: " + (1L << 60));
      writeForEver(out, block);
    }
  },
  /// Until the connection ends.
  ENDLESS_BODY {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "200 OK", "Connection: close");
      writeForEver(out, block);
    }
  },
  ENDLESS_CHUNKS {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "200 OK", "Transfer-Encoding: chunked");
      writeForEver(out, "4\r\nblah\r\n".getBytes(US_ASCII));
    }
  },
  ENDLESS_HEADERS {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      out.write("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
      writeForEver(out, "X-More: and more\r\n".getBytes(US_ASCII));
    }
  },
  ENDLESS_NOT_FOUND {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "404 Not Found", "Connection: close");
      writeForEver(out, block);
    }
  },
  SAYS_GZIP {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "200 OK", "Content-Encoding: gzip\r\nContent-Length: " + block.length);
      out.write(block);
    }
  },
  REDIRECTS {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "302 Found", "Location: /elsewhere\r\nContent-Length: 0");
    }
  },
  WANTS_CREDENTIALS {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "401 Unauthorized", "WWW-Authenticate: Bearer\r\nContent-Length: 0");
    }
  },
  FORBIDS {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "403 Forbidden", "Content-Length: 0");
    }
  },
  IS_BUSY {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "503 Service Unavailable", "Content-Length: 0");
    }
  },
  IS_FULL {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "507 Insufficient Storage", "Content-Length: 0");
    }
  },
  TAKES_NOTHING {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "405 Method Not Allowed", "Content-Length: 0");
    }
  },
  TAKES_NOTHING_LARGE {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "413 Content Too Large", "Content-Length: 0");
    }
  },
  SAYS_CREATED {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "201 Created", "Content-Location: /elsewhere\r\nContent-Length: 0");
    }
  },
  HANGS_UP {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) {
      // without a word
    }
  },
  FAILS {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      head(out, "500 Internal Server Error", "Content-Length: 0");
    }
  },
  TALKS_GARBAGE {
    @Override
    void answer(byte[] block, OutputStream out, CountDownLatch end) throws IOException {
      out.write("SECRET GARBAGE\r\n\r\n".getBytes(US_ASCII));
    }
  };

  /// @param end released when the server closes
  abstract void answer(byte[] block, OutputStream out, CountDownLatch end)
      throws IOException, InterruptedException;

  static void head(OutputStream out, String status, String headers) throws IOException {
    out.write("HTTP/1.1 %s\r\n%s\r\n\r\n".formatted(status, headers).getBytes(US_ASCII));
  }

  private static void writeForEver(OutputStream out, byte[] part) throws IOException {
    while (true) {
      out.write(part); // until the client hangs up
    }
  }
}
