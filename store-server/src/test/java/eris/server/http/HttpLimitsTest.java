package eris.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import eris.server.access.Gates;
import eris.server.config.HttpSettings;
import eris.server.config.HttpSettings.HttpLimits;
import eris.server.config.HttpSettings.Put;
import eris.server.config.ServerLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How long the door waits, and for how much.
final class HttpLimitsTest extends HttpDoorFixture {
  private static final HttpLimits SHORT =
      new HttpLimits(
          100, 1 << 20, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

  @Test
  void slowClientsAreCut() throws Exception {
    door.close();
    door = new HttpDoor(settings(Put.ON, SHORT), blocks, Gates.withoutAccounts(), ServerLog.SILENT);
    for (String begun :
        new String[] {
          "",
          "GET /uri-res",
          "PUT /uri-res/N2R?urn:blake2b:" + HOST + "Content-Length: 1024\r\n\r\nabc"
        }) {
      try (RawClient client = connect()) {
        client.send(begun);
        assertThat(client.isClosed()).as(begun).isTrue();
      }
    }
  }

  @Test
  void bodiesThatWouldNotFitInMemoryAreToldToComeLater() throws Exception {
    door.close();
    var little =
        new HttpLimits(
            100, 32_768, Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofSeconds(9));
    door =
        new HttpDoor(settings(Put.ON, little), blocks, Gates.withoutAccounts(), ServerLog.SILENT);
    String head = "PUT /uri-res/N2R?urn:blake2b:" + HOST + "Content-Length: %d\r\n\r\n";
    try (RawClient first = connect()) {
      first.send(head.formatted(32_768).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
      assertThat(first.answer().status()).isEqualTo(100); // it has its room
      assertThat(put("urn:blake2b:", bytes(small.bytes())).status()).isEqualTo(503);
    }
    while (put("urn:blake2b:", bytes(small.bytes())).status() != 200) {
      Thread.onSpinWait(); // until it is seen to have gone
    }
  }

  @Test
  void requestsUnderWayAreAnsweredBeforeTheDoorCloses() throws Exception {
    try (RawClient client = connect()) {
      String length = "Content-Length: 1024\r\nExpect: 100-continue\r\n\r\n";
      client.send("PUT /uri-res/N2R?urn:blake2b:" + HOST + length);
      assertThat(client.answer().status()).isEqualTo(100); // it is under way
      client.send(new byte[1000]);
      Thread closing = Thread.startVirtualThread(() -> door.close(Duration.ofSeconds(10)));
      client.send(new byte[24]);
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(client.isClosed()).isTrue();
      closing.join();
    }
  }

  /// Settings that wait for a restart do not make it look dead, which would end it.
  @Test
  void aDoorIsAliveWhateverItsNextSettingsSay() throws Exception {
    HttpSettings now = settings(Put.ON, HttpLimits.DEFAULT);
    door.apply(
        new HttpSettings(now.address(), Put.ON, now.hosts(), now.eventLoops() + 4, now.limits()));
    assertThat(door.isAlive(Duration.ofSeconds(20))).isTrue();
  }

  /// The end of its input was seen before its body was waited for: it is not waited for.
  @Test
  void aBodyThatWillNotComeIsNotWaitedForBehindASlowRequest() throws Exception {
    long start = System.nanoTime();
    String put = "PUT /uri-res/N2R?urn:blake2b:" + HOST + "Content-Length: 1024\r\n\r\nabc";
    String slow = "GET /metrics" + HOST + "\r\n"; // is answered by another thread
    String answers = HalfClosing.talk(door.address(), (slow + put).getBytes(ISO_8859_1));
    assertThat(answers).startsWith("HTTP/1.1 200 OK").contains("eris_http_connections 1\n");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }
}
