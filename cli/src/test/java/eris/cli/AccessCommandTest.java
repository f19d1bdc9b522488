package eris.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import eris.server.access.AccessFile;
import eris.server.access.Grant;
import eris.stores.AccessToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transcripts of `eris account` and `eris token`.
final class AccessCommandTest {
  @TempDir Path home;
  private Shell shell;
  private Path file;

  @BeforeEach
  void addAccount() throws IOException {
    shell = new Shell(home);
    file = home.resolve(".config/eris/access");
    Shell.Outcome added = shell.eris("account", "add", "alice", "--quota", "20GiB");
    assertThat(added.err()).isEmpty();
    assertThat(added.out()).isEmpty();
    assertThat(added.exitCode()).isZero();
  }

  private Optional<Grant> grant(String token) throws IOException {
    return new AccessFile(file).read().grant(AccessToken.parse(token));
  }

  @Test
  void accountsAreAddedChangedListedAndRemoved() {
    assertThat(shell.eris("account", "ls").out())
        .isEqualTo("alice  quota 21474836480  rate none\n");
    shell.eris("account", "add", "alice", "--rate", "1MiB");
    assertThat(shell.eris("account", "ls", "--json").line())
        .isEqualTo("{\"name\":\"alice\",\"bytesPerSecond\":1048576}");
    assertThat(shell.eris("account", "rm", "alice").exitCode()).isZero();
    assertThat(shell.eris("account", "ls").out()).isEmpty();
    Shell.Outcome again = shell.eris("account", "rm", "alice");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).isEqualTo("eris: error: there is no account alice\n");
  }

  @Test
  void tokenOpensUntilItIsTakenBack() throws IOException {
    Shell.Outcome added = shell.eris("token", "add", "alice", "--can", "put", "--note", "laptop");
    assertThat(added.err()).isEmpty();
    String token = added.line();
    assertThat(grant(token).orElseThrow().account().name()).isEqualTo("alice");
    assertThat(Files.readString(file)).doesNotContain(token);
    String listed = shell.eris("token", "ls").line();
    assertThat(listed).matches("[A-Z2-7]{8}  alice  put  laptop");
    String id = listed.substring(0, 8);
    assertThat(shell.eris("token", "ls", "--json").line())
        .isEqualTo(
            "{\"id\":\"%s\",\"account\":\"alice\",\"can\":[\"put\"],\"note\":\"laptop\"}"
                .formatted(id));
    assertThat(shell.eris("token", "rm", id).exitCode()).isZero();
    assertThat(grant(token)).isEmpty();
    assertThat(shell.eris("token", "rm", id).err())
        .isEqualTo("eris: error: there is no token %s\n".formatted(id));
  }

  @Test
  void removingAnAccountTakesItsTokensBack() throws IOException {
    String token = shell.eris("token", "add", "alice").line();
    assertThat(grant(token)).isPresent();
    shell.eris("account", "rm", "alice");
    shell.eris("account", "add", "alice");
    assertThat(grant(token)).isEmpty();
  }

  @Test
  void whatCannotBeIsRefusedAndNothingIsWritten() throws IOException {
    String before = Files.readString(file);
    assertRefused("there is no account bob", 1, "token", "add", "bob");
    assertRefused(
        "not a permission, want put, sync, admin", 2, "token", "add", "alice", "--can", "write");
    assertRefused(
        "a name has 1 to 64 of a-z, 0-9, '.', '_', '-', and begins with a letter or digit",
        2,
        "account",
        "add",
        "Bob");
    assertThat(Files.readString(file)).isEqualTo(before);
  }

  private void assertRefused(String line, int exitCode, String... arguments) {
    Shell.Outcome outcome = shell.eris(arguments);
    assertThat(outcome.err()).startsWith("eris: error: " + line + "\n");
    assertThat(outcome.exitCode()).isEqualTo(exitCode);
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void damagedFileIsNotWrittenOver() throws IOException {
    Files.writeString(file, "eris access 1\naccount alice quota=many\n");
    Shell.Outcome outcome = shell.eris("account", "add", "bob");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo("eris: error: %s, line 2: want a number of bytes behind =\n".formatted(file));
    assertThat(Files.readString(file)).contains("many");
  }

  @Test
  void tokenIsKeptForOneServerAndForgotten() throws IOException {
    String token = shell.eris("token", "add", "alice").line();
    Path kept = home.resolve(".config/eris/tokens");
    assertThat(shell.input(token + "\n").eris("token", "use", "https://one.example").err())
        .isEmpty();
    shell.input(token).eris("token", "use", "http://127.0.0.1:8080");
    assertThat(Files.readString(kept))
        .isEqualTo("http://127.0.0.1:8080 %1$s\nhttps://one.example:443 %1$s\n".formatted(token));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rw-------");
    shell.eris("token", "use", "--forget", "https://ONE.example:443");
    assertThat(Files.readString(kept)).doesNotContain("one.example");
  }

  @Test
  void tokenIsNotSentWhereOthersReadIt() {
    String token = shell.eris("token", "add", "alice").line();
    Shell.Outcome outcome = shell.input(token).eris("token", "use", "http://192.0.2.1");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith("eris: error: a token is not sent over http to another machine\n");
    Shell.Outcome garbled = shell.input(token + "x").eris("token", "use", "https://one.example");
    assertThat(garbled.exitCode()).isEqualTo(2);
    assertThat(garbled.err()).doesNotContain(token);
    assertThat(home.resolve(".config/eris/tokens")).doesNotExist();
  }

  /// The server sees it with every request, and no other server does.
  @Test
  void storeIsShownItsTokenAndNoOther() throws IOException {
    String token = shell.eris("token", "add", "alice").line();
    List<String> shown = new CopyOnWriteArrayList<>();
    try (var server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> answerAll(server, shown));
      String url = "http://127.0.0.1:" + server.getLocalPort();
      String urn = shell.input("Hello world!").eris("put", "--store", "dir:" + home + "/s").line();
      String file = shell.file("urn", urn);
      shell.eris("get", "--store", url, "@" + file);
      shell.input(token).eris("token", "use", url);
      shell.eris("get", "--store", url, "@" + file);
    }
    assertThat(shown).containsExactly("", "Bearer " + token);
  }

  private static void answerAll(ServerSocket server, List<String> shown) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        String token = "";
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
          if (line.startsWith("Authorization: ")) {
            token = line.substring("Authorization: ".length());
          }
        }
        shown.add(token);
        String answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(answer.getBytes(UTF_8));
      } catch (IOException _) {
        return; // the test is over
      }
    }
  }
}
