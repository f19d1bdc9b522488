package eris.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The time of day as HTTP writes it, formatted once a second.
final class DateHeader {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private volatile Stamp now = new Stamp(-1, AsciiString.EMPTY_STRING, new byte[0]);

  @SuppressWarnings("ArrayRecordComponent") // of this class alone
  private record Stamp(long second, AsciiString text, byte[] bytes) {}

  void stamp(HttpHeaders headers) {
    headers.set(HttpHeaderNames.DATE, text());
  }

  AsciiString text() {
    return now().text();
  }

  /// The same in ASCII. Nobody changes them.
  byte[] bytes() {
    return now().bytes();
  }

  private Stamp now() {
    long second = System.currentTimeMillis() / 1000;
    Stamp last = now;
    if (last.second() != second) {
      last = stampAt(second);
      now = last;
    }
    return last;
  }

  private static Stamp stampAt(long second) {
    AsciiString text = AsciiString.of(FORMAT.format(Instant.ofEpochSecond(second)));
    return new Stamp(second, text, text.toByteArray());
  }
}
