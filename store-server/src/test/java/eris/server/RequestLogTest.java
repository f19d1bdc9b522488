package eris.server;

import static org.assertj.core.api.Assertions.assertThat;

import eris.server.blocks.RequestLog;
import eris.server.config.RequestEntry;
import eris.server.config.ServerLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A line for each request, and what happens where they cannot be written.
@Timeout(60)
final class RequestLogTest {
  private final List<String> written = Collections.synchronizedList(new ArrayList<>());

  private static RequestEntry entry(int number) {
    return new RequestEntry(
        Instant.EPOCH,
        "http",
        new InetSocketAddress(InetAddress.getLoopbackAddress(), number),
        "GET",
        "/livez",
        "200",
        3,
        40,
        Optional.of("alice"));
  }

  @Test
  void linesAreWrittenInOrderUntilTheEnd() {
    try (var log = new RequestLog((_, event, fields) -> written.add(event + fields))) {
      log.turn(true);
      for (int i = 1; i <= 1000; i++) {
        log.add(entry(i));
      }
    }
    assertThat(written).hasSize(1000);
    assertThat(written.getFirst())
        .isEqualTo(
            "request{door=http, peer=127.0.0.1:1, method=GET, path=/livez, status=200, bytes=3,"
                + " micros=40, account=alice}");
    assertThat(written.getLast()).contains("peer=127.0.0.1:1000,");
  }

  /// The thread that answers requests goes on, and so does the end of the daemon.
  @Test
  void whereLinesCannotBeWrittenTheyAreCountedAndNobodyWaits() {
    var stuck = new CountDownLatch(1);
    ServerLog full =
        new ServerLog() {
          @Override
          public void write(Level level, String event, Map<String, ?> fields) {
            try {
              stuck.await();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
          }
        };
    long start = System.nanoTime();
    try (var log = new RequestLog(full)) {
      log.turn(true);
      for (int i = 1; i <= 20_000; i++) {
        log.add(entry(i));
      }
      assertThat(log.dropped()).isBetween(11_000L, 11_808L);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    stuck.countDown();
  }
}
