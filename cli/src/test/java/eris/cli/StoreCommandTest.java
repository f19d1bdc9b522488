package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transcripts of `eris store`.
final class StoreCommandTest {
  @TempDir Path home;
  private Shell shell;
  private String volume;

  @BeforeEach
  void open() {
    shell = new Shell(home);
    volume = "volume://" + home.resolve("v");
  }

  @Test
  void contentGoesIntoAVolumeAndOut() {
    byte[] content = Shell.randomBytes(100_000);
    Shell.Outcome put = shell.input(content).eris("put", "--store", volume);
    assertThat(put.exitCode()).isZero();
    Shell.Outcome get = shell.input(put.out()).eris("get", "--store", volume, "-");
    assertThat(get.outBytes()).isEqualTo(content);
    assertThat(shell.eris("store", "stat", volume).out())
        .contains("\ngrows true\nblocks1KiB 0\nblocks32KiB 5\n");
  }

  @Test
  void fixedVolumeIsMadeAndGrown() {
    Shell.Outcome made = shell.eris("store", "create", "--size", "1MiB", "--json", volume);
    assertThat(made.err()).isEmpty();
    assertThat(made.line())
        .matches("\\{\"id\":\"[0-9a-f-]{36}\",\"sizeBytes\":1048576,\"grows\":false,.*}");
    assertThat(home.resolve("v")).hasSize(1 << 20);
    assertThat(shell.eris("store", "grow", "--size", "2MiB", volume).out())
        .contains("sizeBytes 2097152\n");
    Shell.Outcome again = shell.eris("store", "grow", "--size", "2MiB", volume);
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("has 2097152 bytes already");
  }

  @Test
  void fullVolumeIsExitCode6() {
    shell.eris("store", "create", "--size", "1MiB", volume);
    Shell.Outcome put = shell.input(Shell.randomBytes(2 << 20)).eris("put", "--store", volume);
    assertThat(put.exitCode()).isEqualTo(6);
    assertThat(put.err())
        .isEqualTo("eris: error: store volume:" + home.resolve("v") + " is full\n");
    assertThat(put.out()).isEmpty();
  }

  @Test
  void whatIsThereIsLostOnlyByForce() throws IOException {
    String file = shell.file("v", "of value");
    Shell.Outcome refused = shell.eris("store", "create", volume);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).isEqualTo("eris: error: " + file + " exists and is not empty\n");
    assertThat(Path.of(file)).hasContent("of value");
    assertThat(shell.eris("store", "create", "--force", volume).exitCode()).isZero();
    assertThat(shell.eris("store", "stat", volume).out()).contains("blocks1KiB 0\n");
  }

  @Test
  void lostSuperblocksAreMadeAgain() throws IOException {
    byte[] content = Shell.randomBytes(5_000);
    String urn = shell.input(content).eris("put", "--store", volume).line();
    byte[] image = Files.readAllBytes(home.resolve("v"));
    Arrays.fill(image, 0, 8192, (byte) 0);
    Files.write(home.resolve("v"), image);
    Shell.Outcome lost = shell.input(urn).eris("get", "--store", volume, "-");
    assertThat(lost.exitCode()).isEqualTo(1);
    assertThat(lost.err()).contains("not a volume: it has no superblock");
    assertThat(shell.eris("store", "rebuild", volume).exitCode()).isZero();
    assertThat(shell.input(urn).eris("get", "--store", volume, "-").outBytes()).isEqualTo(content);
  }

  @Test
  void wrongUsageIsExitCode2() {
    assertThat(shell.eris("store").exitCode()).isEqualTo(2);
    assertThat(shell.eris("store", "stat").exitCode()).isEqualTo(2);
    assertThat(shell.eris("store", "nonsense").exitCode()).isEqualTo(2);
    assertThat(shell.eris("store", "create", "--size", "much", volume).exitCode()).isEqualTo(2);
    Shell.Outcome other = shell.eris("store", "grow", "dir:a");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err())
        .isEqualTo(
            """
            eris: error: only volumes can be treated so
            eris: hint: name one as in volume:///PATH
            """);
  }

  @Test
  void missingVolumeIsNotMadeByCare() {
    for (String command : new String[] {"stat", "grow", "rebuild"}) {
      Shell.Outcome outcome = shell.eris("store", command, volume);
      assertThat(outcome.exitCode()).as(command).isEqualTo(1);
      assertThat(outcome.err()).isEqualTo("eris: error: no store at " + home.resolve("v") + "\n");
    }
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void helpIsThere() {
    assertThat(shell.eris("store", "--help").out()).contains("create", "grow", "rebuild", "stat");
    assertThat(shell.eris("store", "create", "--help").out()).contains("--size=SIZE");
  }
}
