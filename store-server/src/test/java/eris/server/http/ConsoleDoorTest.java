package eris.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.Reference;
import eris.server.Daemon;
import eris.server.access.Gates;
import eris.server.config.CoapSettings;
import eris.server.config.DaemonSettings;
import eris.server.config.HttpSettings;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.server.console.ConsolePage;
import eris.store.MemoryBlockStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a browser gets of the console, over HTTP.
class ConsoleDoorTest {
  private static final byte[] BLOCK = new byte[1024];

  private Daemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon =
        new Daemon(new MemoryBlockStore(), settings(HttpSettings.Console.OFF), ServerLog.SILENT);
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  @Test
  void thePageMayLoadNothingFromElsewhere() throws Exception {
    assumeTrue(ConsolePage.load().isPresent(), "skipped: the console was not built");
    daemon.apply(settings(HttpSettings.Console.ON));
    RawClient.Answer answer = ask("GET", "/", "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).startsWith("<!doctype html>").doesNotContain("src=", "@import");
    assertThat(answer.headers().get("content-security-policy"))
        .startsWith("default-src 'none'; script-src 'sha256-")
        .contains("connect-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http", "*");
  }

  @Test
  void withoutTheSwitchThereIsNothing() throws Exception {
    assertThat(ask("GET", "/", "").status()).isEqualTo(404);
    assertThat(ask("GET", "/eris/v1/status", "").status()).isEqualTo(404);
  }

  @Test
  void theSwitchCanBeTurnedWhileTheDaemonRuns() throws Exception {
    daemon.apply(settings(HttpSettings.Console.ON));
    assertThat(ask("GET", "/eris/v1/status", "").status()).isEqualTo(200);
    daemon.apply(settings(HttpSettings.Console.OFF));
    assertThat(ask("GET", "/eris/v1/status", "").status()).isEqualTo(404);
  }

  @Test
  void theStatusCountsWhatWasAskedOfTheStoreAndNothingElse() throws Exception {
    daemon.apply(settings(HttpSettings.Console.ON));
    String block = new String(BLOCK, ISO_8859_1);
    String name = "/uri-res/N2R?" + Reference.of(MemorySegment.ofArray(BLOCK)).toUrn();
    assertThat(ask("GET", name, "").status()).isEqualTo(404);
    assertThat(ask("PUT", name, block).status()).isEqualTo(200);
    assertThat(ask("GET", name, "").status()).isEqualTo(200);
    assertThat(ask("GET", name, "").status()).isEqualTo(200); // from memory
    ask("GET", "/eris/v1/status", "");
    RawClient.Answer status = ask("GET", "/eris/v1/status", "");
    assertThat(status.headers()).containsEntry("cache-control", "no-store");
    assertThat(status.text()).contains("\"requests\":{\"gets\":3,\"puts\":1}", "\"errors\":[]");
  }

  @Test
  void onlyGetAndHeadAreTaken() throws Exception {
    daemon.apply(settings(HttpSettings.Console.ON));
    assertThat(ask("PUT", "/", "x").status()).isEqualTo(405);
    assertThat(ask("PUT", "/eris/v1/status", "x").status()).isEqualTo(405);
  }

  private static DaemonSettings settings(HttpSettings.Console console) {
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpSettings usual = HttpSettings.at(anyPort);
    return new DaemonSettings(
        StoreLimits.DEFAULT,
        new HttpSettings(
            anyPort, usual.put(), console, usual.hosts(), usual.eventLoops(), usual.limits()),
        CoapSettings.NONE,
        Gates.NO_ACCOUNTS);
  }

  /// @param body of which every character is a byte
  private RawClient.Answer ask(String method, String target, String body) throws IOException {
    try (RawClient client = new RawClient(daemon.httpAddress())) {
      client.send(
          "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(method, target, body.length(), body));
      return client.answer();
    }
  }
}
