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

  private volatile Stamp stamp = new Stamp(-1, AsciiString.EMPTY_STRING);

  private record Stamp(long second, AsciiString text) {}

  void stamp(HttpHeaders headers) {
    headers.set(HttpHeaderNames.DATE, text());
  }

  AsciiString text() {
    long second = System.currentTimeMillis() / 1000;
    Stamp last = stamp;
    if (last.second() != second) {
      last = new Stamp(second, AsciiString.of(FORMAT.format(Instant.ofEpochSecond(second))));
      stamp = last;
    }
    return last.text();
  }
}
