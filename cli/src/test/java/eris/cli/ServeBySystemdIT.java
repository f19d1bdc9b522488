package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `eris serve`, started as systemd starts it, and the units that make it do so.
final class ServeBySystemdIT extends RealCommand {
  private static final Path UNITS = ERIS.resolveSibling("packaging/systemd");

  /// The socket was there before the daemon, and so was a client; all that systemd wants to know is
  /// told in time.
  @Test
  void aDaemonTakesOverASocketAndTellsHowItDoes() throws Exception {
    Files.writeString(home.resolve("settings"), "put = on\naccess-log = text\n");
    Files.write(
        home.resolve("systemd.py"),
        ServeBySystemdIT.class.getResourceAsStream("systemd.py").readAllBytes());
    String script =
        "exec python3 systemd.py env --default-signal eris serve --store memory: --config settings 2> log";
    Process systemd = builder(script).start();
    try (BufferedReader told = systemd.inputReader()) {
      List<String> began = List.of(told.readLine().split(" "));
      int port = Integer.parseInt(began.getFirst());
      try (var early = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(get(early, "/readyz")).startsWith("HTTP/1.1 200 OK");
      }
      String serving = "READY=1 STATUS=Serving at http://127.0.0.1:" + port;
      assertThat(next(told)).isEqualTo(serving);
      assertThat(told.readLine()).isEqualTo("WATCHDOG=1");

      Files.writeString(home.resolve("settings"), "put = off\ncache = 1MiB\nevent-loops = 1\n");
      signal("HUP", began.getLast());
      assertThat(next(told)).matches("RELOADING=1 MONOTONIC_USEC=\\d+");
      assertThat(next(told)).isEqualTo(serving);
      assertThat(log())
          .contains(" info reloaded\n")
          .contains("warning restart-needed changed=\"cache, event-loops\"")
          .contains("method=GET path=/readyz status=200 bytes=3 ");

      signal("TERM", began.getLast());
      assertThat(next(told)).startsWith("STOPPING=1");
      assertThat(told.readLine()).isEqualTo("exit 0");
    } finally {
      systemd.destroy();
    }
  }

  private String log() throws IOException {
    return Files.readString(home.resolve("log"));
  }

  private static String next(BufferedReader told) throws IOException {
    String line;
    do {
      line = told.readLine();
    } while ("WATCHDOG=1".equals(line) || line.startsWith("http://")); // which the daemon prints
    return line;
  }

  private static String get(Socket socket, String path) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                .formatted(path)
                .getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  private static void signal(String name, String pid) throws Exception {
    new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
  }

  /// As systemd itself judges them: 0.9 of 10 at most, and 0.3 where it opens the socket.
  @Test
  @Tag("wide")
  void theUnitsAllowLittle() throws Exception {
    if (bash("command -v systemd-analyze").exitCode() != 0) {
      assertThat(System.getenv("CI")).as("systemd-analyze: apt-get install systemd").isNull();
      return;
    }
    String judge = "systemd-analyze security --offline=true --no-pager --threshold=";
    bash(
        "mkdir -p own activated/eris.service.d && cp %s/eris.* own && cp %s/eris.* activated"
            .formatted(UNITS, UNITS));
    bash("cp %s/socket-activated.conf activated/eris.service.d".formatted(UNITS));
    assertThat(bash(judge + "9 own/eris.service"))
        .satisfies(it -> assertThat(it.exitCode()).as(it.out()).isZero());
    assertThat(bash(judge + "3 activated/eris.service"))
        .satisfies(it -> assertThat(it.exitCode()).as(it.out()).isZero());
    assertThat(bash(judge + "1 own/eris.service").exitCode()).isNotZero(); // it does judge
  }
}
