package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `eris push`, `pull` and `sync`, as transcripts.
final class SyncCommandTest {
  @TempDir Path home;
  private Shell shell = new Shell(Path.of(""));
  private String one = "";
  private String two = "";
  private String urn = "";
  private byte[] content = {};

  /// Store one has 17 blocks of a content, store two one block of another.
  @BeforeEach
  void fillStores() throws IOException {
    shell = new Shell(home);
    one = "dir:" + shell.path("one");
    two = "dir:" + shell.path("two");
    content = Shell.randomBytes(500_000);
    String text =
        shell.eris("put", "--convergent", "--store", one, shell.file("content", content)).out();
    urn = shell.file("urn", text);
    shell.input("Hello world!").eris("put", "--convergent", "--store", two);
  }

  private void check(Shell.Outcome outcome, String line) {
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.line()).isEqualTo(line);
    assertThat(outcome.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir:", "rocksdb:"})
  void pushSendsWhatTheOtherStoreLacks(String scheme) {
    String other = scheme + shell.path("other");
    check(shell.eris("push", "--store", one, other), "17 blocks sent, 0 received, 0 are corrupt");
    check(shell.eris("push", "--store", one, other), "0 blocks sent, 0 received, 0 are corrupt");
    assertThat(shell.eris("get", "--store", other, "@" + urn).outBytes()).isEqualTo(content);
  }

  @Test
  void pullFetchesIntoTheEmbeddedStore() {
    check(shell.eris("pull", one), "0 blocks sent, 17 received, 0 are corrupt");
    assertThat(shell.eris("get", "@" + urn).outBytes()).isEqualTo(content);
    check(shell.eris("push", two), "17 blocks sent, 0 received, 0 are corrupt");
  }

  @Test
  void pushFromAnEmbeddedStoreThatIsNotThereSendsNothing() {
    check(shell.eris("push", one), "0 blocks sent, 0 received, 0 are corrupt");
    assertThat(home.resolve(".local")).doesNotExist();
  }

  @Test
  void syncGoesBothWays() {
    check(shell.eris("sync", "--store", one, two), "17 blocks sent, 1 received, 0 are corrupt");
    assertThat(shell.eris("sync", "--json", "--store", one, two).line())
        .isEqualTo(
            "{\"sent\":0,\"received\":0,\"corrupt\":0,\"bytesSent\":48,\"bytesReceived\":48,\"roundTrips\":1}");
  }

  @Test
  void filesCarryWhatTheOtherSideLacks() throws IOException {
    shell.input("Hello world!").eris("put", "--convergent", "--store", one);
    String have = shell.path("have");
    String blocks = shell.path("blocks");
    Shell.Outcome listed = shell.eris("pull", "--store", two, "--have", have);
    assertThat(listed.exitCode()).as(listed.err()).isZero();
    assertThat(listed.out()).isEmpty();
    check(
        shell.eris("push", "--store", one, "--file", blocks, "--have", have),
        "17 blocks sent, 0 received, 0 are corrupt");
    check(
        shell.eris("pull", "--store", two, "--file", blocks),
        "0 blocks sent, 17 received, 0 are corrupt");
    check(shell.eris("sync", "--store", one, two), "0 blocks sent, 0 received, 0 are corrupt");
  }

  @Test
  void aFileThatWasCutIsMalformedAndWhatIsWholeIsKept() throws IOException {
    byte[] blocks = shell.eris("push", "--store", one, "--file", "-").outBytes();
    String cut = shell.file("cut", Arrays.copyOf(blocks, 100_000));
    Shell.Outcome outcome = shell.eris("pull", "--store", two, "--file", cut);
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.err())
        .isEqualTo("eris: error: malformed sync data at byte 100000: the file ends early\n");
    assertThat(shell.eris("pull", "--store", two, one).line())
        .isEqualTo("0 blocks sent, 14 received, 0 are corrupt");

    String list = shell.path("list");
    Files.write(Path.of(list), Arrays.copyOf(blocks, 50));
    Shell.Outcome refused =
        shell.eris("push", "--store", one, "--file", shell.path("out"), "--have", list);
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  void corruptBlocksAreToldAndLeftOut() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("one"))) {
      Path block = files.filter(file -> file.toFile().length() == 32768).findFirst().orElseThrow();
      Files.write(block, new byte[32768]);
    }
    Shell.Outcome outcome = shell.eris("push", "--store", one, two);
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.out())
        .matches("corrupt [A-Z2-7]{52}: .*\n16 blocks sent, 0 received, 1 are corrupt\n");
    assertThat(outcome.err()).isEqualTo("eris: error: 1 blocks are corrupt and were left out\n");
    Shell.Outcome pulled = shell.eris("pull", "--store", "dir:" + shell.path("three"), one);
    assertThat(pulled.exitCode()).isEqualTo(4);
    assertThat(pulled.out()).contains("16 received, 1 are corrupt");
    Shell.Outcome written = shell.eris("push", "--store", one, "--file", "-");
    assertThat(written.exitCode()).isEqualTo(4);
    assertThat(written.outBytes()).hasSize(21 + 16 * 32769 + 25);
    assertThat(written.err()).startsWith("eris: warning: corrupt ");
  }

  @ParameterizedTest
  @CsvSource({
    "push, 2, 'want one of STORE, --connect and --file'",
    "pull, 2, 'want one of STORE, --connect, --file and --have'",
    "sync, 2, 'want one of STORE, --connect and --serve'",
    "sync --serve x, 2, 'want one of STORE, --connect and --serve'",
    "push --have x y, 2, '--have goes with --file'",
    "push http://127.0.0.1:1, 1, 'cannot connect to http://127.0.0.1:1'",
    "push coap://127.0.0.1:1, 2, 'store coap://127.0.0.1:1 cannot tell what it holds'",
    "sync --store http://127.0.0.1:1 memory:, 2, 'store http://127.0.0.1:1 cannot tell what it holds'",
    "sync --store a --store b c, 2, 'want one local store, 2 are named'",
    "push --store memory: dir:x?get, 6, 'store dir:x has no right put'",
    "pull --store memory: dir:x?put, 6, 'store dir:x has no right get'",
    "pull --store memory: dir:no-such-place, 1, 'no store at no-such-place'",
  })
  void whatCannotBeIsSaid(String command, int exitCode, String line) {
    Shell.Outcome outcome = shell.eris(command.split(" ", -1));
    assertThat(outcome.err().lines().findFirst()).contains("eris: error: " + line);
    assertThat(outcome.exitCode()).isEqualTo(exitCode);
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void aCommandThatIsNoneIsToldByItsExitCode() {
    Shell.Outcome outcome = shell.eris("sync", "--store", one, "--connect", "exit 9");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .contains(": the command ended with 9\n")
        .endsWith("eris: hint: what arrived is kept: the same command goes on\n");
  }
}
