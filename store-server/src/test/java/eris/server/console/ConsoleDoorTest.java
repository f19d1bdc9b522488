package eris.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.Reference;
import eris.server.Daemon;
import eris.server.config.DaemonSettings;
import eris.server.config.HttpSettings;
import eris.server.config.ServerLog;
import eris.server.config.StoreLimits;
import eris.store.MemoryBlockStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a browser gets of the console, over HTTP.
class ConsoleDoorTest {
  private final MemoryBlockStore store = new MemoryBlockStore();
  private final HttpClient client = HttpClient.newHttpClient();
  private Daemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon = new Daemon(store, settings(HttpSettings.Console.OFF), ServerLog.SILENT);
  }

  @AfterEach
  void stop() {
    daemon.close();
    client.close();
  }

  @Test
  void thePageMayLoadNothingFromElsewhere() throws Exception {
    assumeTrue(ConsolePage.load().isPresent(), "skipped: the console was not built");
    daemon.apply(settings(HttpSettings.Console.ON));
    HttpResponse<String> answer = ask("GET", "/");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith("<!doctype html>").doesNotContain("https://cdn");
    String policy = answer.headers().firstValue("Content-Security-Policy").orElseThrow();
    assertThat(policy)
        .startsWith("default-src 'none'; script-src 'sha256-")
        .contains("connect-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http", "*");
  }

  @Test
  void withoutTheSwitchThereIsNothing() throws Exception {
    assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
    assertThat(ask("GET", "/eris/v1/status").statusCode()).isEqualTo(404);
  }

  @Test
  void theSwitchCanBeTurnedWhileTheDaemonRuns() throws Exception {
    daemon.apply(settings(HttpSettings.Console.ON));
    assertThat(ask("GET", "/eris/v1/status").statusCode()).isEqualTo(200);
    daemon.apply(settings(HttpSettings.Console.OFF));
    assertThat(ask("GET", "/eris/v1/status").statusCode()).isEqualTo(404);
  }

  @Test
  void theStatusCountsWhatWasAskedOfTheStoreAndNothingElse() throws Exception {
    daemon.apply(settings(HttpSettings.Console.ON));
    MemorySegment block = MemorySegment.ofArray(new byte[1024]);
    String name = "/uri-res/N2R?" + Reference.of(block).toUrn();
    assertThat(ask("GET", name).statusCode()).isEqualTo(404);
    assertThat(ask("PUT", name, new byte[1024]).statusCode()).isEqualTo(200);
    assertThat(ask("GET", name).statusCode()).isEqualTo(200);
    assertThat(ask("GET", name).statusCode()).isEqualTo(200); // from memory
    ask("GET", "/eris/v1/status");
    HttpResponse<String> status = ask("GET", "/eris/v1/status");
    assertThat(status.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(status.body()).contains("\"requests\":{\"gets\":3,\"puts\":1}", "\"errors\":[]");
  }

  @Test
  void onlyGetAndHeadAreTaken() throws Exception {
    daemon.apply(settings(HttpSettings.Console.ON));
    assertThat(ask("POST", "/", new byte[0]).statusCode()).isEqualTo(405);
    assertThat(ask("POST", "/eris/v1/status", new byte[0]).statusCode()).isEqualTo(405);
  }

  private static DaemonSettings settings(HttpSettings.Console console) {
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpSettings usual = HttpSettings.at(anyPort);
    return new DaemonSettings(
        StoreLimits.DEFAULT,
        new HttpSettings(
            anyPort, usual.put(), console, usual.hosts(), usual.eventLoops(), usual.limits()));
  }

  private HttpResponse<String> ask(String method, String target) throws Exception {
    return ask(method, target, new byte[0]);
  }

  private HttpResponse<String> ask(String method, String target, byte[] body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(daemon.httpAddress().getPort(), target));
    var publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    return client.send(
        HttpRequest.newBuilder(uri).method(method, publisher).build(), BodyHandlers.ofString());
  }
}
