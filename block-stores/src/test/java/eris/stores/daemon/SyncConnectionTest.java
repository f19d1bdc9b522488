package eris.stores.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.store.StoreException;
import eris.stores.AccessToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the client says to a server, and makes of what servers say that are none of ours.
@Timeout(30)
final class SyncConnectionTest {
  private final AccessToken token = AccessToken.generate(new Random(1));

  /// Answers one request, and tells what it was.
  private static CompletableFuture<String> answer(ServerSocket server, String answer) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket socket = server.accept()) {
            var request = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (!request.toString().endsWith("\r\n\r\n")) {
              request.append((char) in.read());
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            in.readAllBytes();
            return request.toString();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static SyncConnection open(ServerSocket server, Optional<AccessToken> shown)
      throws IOException {
    return SyncConnection.open(
        URI.create("http://127.0.0.1:%d/some".formatted(server.getLocalPort())), shown);
  }

  @Test
  void theRequestAsksForAnotherProtocol() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var request =
          answer(
              server,
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: eris-sync\r\n"
                  + "Connection: Upgrade\r\n\r\nERSY");
      try (SyncConnection connection = open(server, Optional.of(token))) {
        assertThat(connection.in().readNBytes(4)).asString().isEqualTo("ERSY");
        assertThat(connection.in().read()).isEqualTo(-1);
      }
      assertThat(request.get())
          .isEqualTo(
              "GET /some/eris/v1/sync HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\n"
                      .formatted(server.getLocalPort())
                  + "Upgrade: eris-sync\r\nAuthorization: Bearer %s\r\n\r\n"
                      .formatted(token.reveal()));
    }
  }

  private void assertRefused(String answer, Class<? extends IOException> type, String line)
      throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var request = answer(server, answer);
      assertThatThrownBy(() -> open(server, Optional.empty()))
          .as(answer)
          .isInstanceOf(type)
          .hasMessageContaining(line);
      request.get();
    }
  }

  @Test
  void serversThatCannotSyncAreTold() throws Exception {
    Class<? extends IOException> none = SyncConnection.NoSync.class;
    assertRefused("HTTP/1.1 404 Not Found\r\n\r\n", none, "cannot sync, it answers 404");
    assertRefused("HTTP/1.1 200 OK\r\n\r\n<html>", none, "cannot sync, it answers 200");
    assertRefused("HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n", none, "answers 301");
    assertRefused("HTTP/1.1 501 No\r\n\r\n", none, "cannot tell what it holds");
    assertRefused("HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n", none, "another protocol");
    assertRefused("SSH-2.0-OpenSSH\r\n", none, "does not speak http");
    assertRefused("", none, "does not speak http");
    assertRefused("HTTP/1.1 200 OK\r\n" + "x".repeat(20_000), none, "does not speak http");
    assertRefused("HTTP/1.1 503 Busy\r\n\r\n", IOException.class, "too much to do");
    assertRefused("HTTP/1.1 401 No\r\n\r\n", StoreException.Refused.class, "status 401");
    assertRefused("HTTP/1.1 403 No\r\n\r\n", StoreException.Refused.class, "status 403");
  }

  @Test
  void nobodyThereIsToldInOneLine() throws Exception {
    int port;
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    assertThatThrownBy(
            () -> SyncConnection.open(URI.create("http://127.0.0.1:" + port), Optional.empty()))
        .hasMessage("cannot connect to http://127.0.0.1:" + port);
  }
}
