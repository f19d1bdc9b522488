package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import eris.ReadCapability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transcripts of `eris pin`.
final class PinCommandTest {
  @TempDir Path home;
  private Shell shell;
  private String key;
  private String urn;
  private String handle;

  @BeforeEach
  void putContent() throws IOException {
    shell = new Shell(home);
    key = shell.file("key", Shell.randomBytes(32));
    String text = shell.input("Hello world!").eris("put", "--store", "dir:" + home + "/s").line();
    urn = shell.file("urn", text);
    handle = ReadCapability.parse(text).handle().toString();
  }

  @Test
  void pinsAreAddedListedAndTakenAway() throws IOException {
    Shell.Outcome added =
        shell.eris("pin", "add", "--key-file", key, "--name", "hi", "--note", "of mine", "@" + urn);
    assertThat(added.err()).isEmpty();
    assertThat(added.out()).isEmpty();
    assertThat(added.exitCode()).isZero();
    assertThat(home.resolve(".local/share/eris-pins")).exists();

    assertThat(shell.eris("pin", "ls", "--key-file", key).out())
        .isEqualTo(handle + "  hi  of mine\n");
    assertThat(shell.eris("pin", "ls", "--json", "--key-file", key).line())
        .isEqualTo(
            "{\"name\":\"hi\",\"note\":\"of mine\",\"recursive\":false,\"handle\":\"%s\"}"
                .formatted(handle));
    assertThat(shell.eris("pin", "ls", "--show-capabilities", "--key-file", key).out())
        .isEqualTo(Files.readString(Path.of(urn)) + "  hi  of mine\n");

    shell.eris("pin", "add", "-r", "--key-file", key, "@" + urn);
    assertThat(shell.eris("pin", "ls", "--key-file", key).out()).isEqualTo(handle + "  /\n");
    assertThat(shell.eris("pin", "rm", "--key-file", key, handle).exitCode()).isZero();
    assertThat(shell.eris("pin", "ls", "--key-file", key).out()).isEmpty();
  }

  @Test
  void nobodyKnowsThePin() {
    Shell.Outcome outcome = shell.eris("pin", "rm", "--key-file", key, "papers");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.err()).isEqualTo("eris: error: no pin is called papers\n");
    assertThat(home.resolve(".local/share/eris-pins")).doesNotExist();
  }

  @Test
  void nameIsOfOneContent() throws IOException {
    shell.eris("pin", "add", "--key-file", key, "--name", "hi", "@" + urn);
    String other = shell.input("other").eris("put", "--store", "dir:" + home + "/s").line();
    Shell.Outcome outcome =
        shell.input(other).eris("pin", "add", "--key-file", key, "--name", "hi", "-");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).isEqualTo("eris: error: other content is pinned by this name\n");
  }

  @Test
  void wrongPassphraseIsExitCode5() throws IOException {
    String pins = shell.path("my/pins");
    String right = shell.file("right", "correct horse\n");
    shell.eris("pin", "add", "--pins", pins, "--passphrase-file", right, "@" + urn);
    assertThat(
            shell
                .input("correct horse")
                .eris("pin", "ls", "--pins", pins, "--passphrase-file", "-")
                .line())
        .isEqualTo(handle);
    Shell.Outcome outcome =
        shell.input("wrong").eris("pin", "ls", "--pins", pins, "--passphrase-file", "-");
    assertThat(outcome.exitCode()).isEqualTo(5);
    assertThat(outcome.err())
        .isEqualTo("eris: error: wrong passphrase or key file, or the pin file is damaged\n");
  }

  @Test
  void wrongUsageIsExitCode2() throws IOException {
    String empty = shell.file("empty", "\n");
    assertThat(shell.eris("pin").exitCode()).isEqualTo(2);
    Shell.Outcome noKey = shell.terminals("2").eris("pin", "ls");
    assertThat(noKey.exitCode()).isEqualTo(2);
    assertThat(noKey.err())
        .isEqualTo(
            """
            eris: error: what opens the pins?
            eris: hint: name --key-file or --passphrase-file
            """);
    for (String[] wrong :
        new String[][] {
          {"pin", "ls", "--key-file", key, "--passphrase-file", key},
          {"pin", "ls", "--key-file", empty},
          {"pin", "ls", "--passphrase-file", empty},
          {"pin", "add", "--passphrase-file", "-", "-"},
          {"pin", "add", "--key-file", key, "--name", "two\nlines", "@" + urn},
          {"pin", "add", "--key-file", key, "urn:eris:nonsense"},
          {"pin", "rm", "--key-file", key}
        }) {
      assertThat(shell.eris(wrong).exitCode()).as(String.join(" ", wrong)).isEqualTo(2);
    }
  }

  @Test
  void levelThatNoContentHasIsExitCode4() throws IOException {
    byte[] capability = ReadCapability.parse(Files.readString(Path.of(urn))).toBytes();
    capability[1] = 99;
    String impossible = ReadCapability.parse(capability).toUrn();
    Shell.Outcome outcome = shell.input(impossible).eris("pin", "add", "--key-file", key, "-");
    assertThat(outcome.exitCode()).isEqualTo(4);
  }

  @Test
  void whatIsNoPinFileIsExitCode4() throws IOException {
    String other = shell.file("other", "something else");
    Shell.Outcome outcome = shell.eris("pin", "ls", "--key-file", key, "--pins", other);
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.err()).isEqualTo("eris: error: malformed pin file: not a pin file\n");
  }
}
