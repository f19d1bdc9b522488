package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
  void modeAndQuotaAreSetShownAndChanged() {
    Shell.Outcome made =
        shell.eris("store", "create", "--mode", "leased", "--quota", "64KiB", volume);
    assertThat(made.err()).isEmpty();
    assertThat(made.out())
        .endsWith("usedBytes 0\ntrashBlocks 0\nbadBlocks 0\nmode leased\nquotaBytes 65536\n");
    Shell.Outcome full = shell.input(Shell.randomBytes(100_000)).eris("put", "--store", volume);
    assertThat(full.exitCode()).isEqualTo(6);
    assertThat(full.err())
        .isEqualTo("eris: error: store volume:%s is full\n".formatted(home.resolve("v")));
    assertThat(shell.eris("store", "mode", "cache", volume).out())
        .endsWith("mode cache\nquotaBytes 65536\n");
    for (int i = 0; i < 8; i++) { // more than the quota, together
      byte[] content = Shell.randomBytes(20_000);
      Shell.Outcome put = shell.input(content).eris("put", "--store", volume);
      assertThat(put.exitCode()).as(put.err()).isZero();
      assertThat(shell.input(put.out()).eris("get", "--store", volume, "-").outBytes())
          .isEqualTo(content);
    }
    Shell.Outcome open = shell.eris("store", "mode", "--quota", "none", "archive", volume);
    assertThat(open.out()).endsWith("mode archive\n");
    assertThat(shell.eris("store", "stat", "--json", volume).line())
        .endsWith("\"mode\":\"archive\"}");
  }

  @Test
  void modeThatCannotBeIsRefused() {
    shell.eris("store", "create", volume);
    assertMode(
        "store dir:a",
        shell.eris("store", "mode", "leased", "dir:a"),
        """
        eris: error: only volumes can be treated so
        eris: hint: name one as in volume:///PATH
        """);
    assertMode(
        "no quota",
        shell.eris("store", "mode", "cache", volume),
        "eris: error: a cache needs a quota\neris: hint: give one with --quota SIZE\n");
    assertMode(
        "no quota",
        shell.eris("store", "create", "--force", "--mode", "cache", volume),
        "eris: error: a cache needs a quota\neris: hint: give one with --quota SIZE\n");
    assertMode(
        "no mode",
        shell.eris("store", "mode", "LEASED", volume),
        "'LEASED' is no mode, want archive, leased or cache");
    assertMode(
        "no bytes",
        shell.eris("store", "mode", "--quota", "0", "leased", volume),
        "a quota is at least 1 byte");
    assertThat(shell.eris("store", "stat", volume).out()).endsWith("mode archive\n");
  }

  private static void assertMode(String about, Shell.Outcome outcome, String message) {
    assertThat(outcome.exitCode()).as(about).isEqualTo(2);
    assertThat(outcome.err()).as(about).contains(message);
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void scrubOfAVolumeSetsAsideAndHeals() throws IOException {
    byte[] content = Shell.randomBytes(300_000);
    String urn = shell.input(content).eris("put", "--convergent", "--store", volume).line();
    String good = "dir:" + home.resolve("good");
    shell.input(content).eris("put", "--convergent", "--store", good);
    assertThat(shell.eris("store", "scrub", volume).out())
        .isEqualTo("11 blocks verified, 0 healed, 0 are corrupt\n");
    byte[] image = Files.readAllBytes(home.resolve("v"));
    int slot = slot(image, volume);
    image[slot] ^= 1;
    Files.write(home.resolve("v"), image);

    Shell.Outcome first = shell.eris("store", "scrub", volume);
    assertThat(first.exitCode()).isEqualTo(4);
    assertThat(first.out() + first.err())
        .contains(
            "in the slot at byte %d of store volume:%s; set aside"
                .formatted(slot, home.resolve("v")));
    assertThat(shell.eris("store", "stat", volume).out())
        .contains("blocks32KiB 10\n", "badBlocks 1\n");
    Shell.Outcome second = shell.eris("store", "scrub", volume, "--heal", good);
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.out()).contains("11 blocks verified, 1 healed, 0 are corrupt\n");
    assertThat(shell.input(urn).eris("get", "--store", volume, "-").outBytes()).isEqualTo(content);
    assertThat(shell.eris("store", "stat", volume).out()).contains("badBlocks 0\n");
  }

  /// The first slot of 32 KiB: an extent of 4 MiB begins with a header that says so.
  private static int slot(byte[] image, String volume) {
    for (int at = 4 << 20; at < image.length; at += 4 << 20) {
      if (image[at] == 'E' && image[at + 4] == 's' && image[at + 44] == 0x0f) {
        return at + (32 << 10);
      }
    }
    throw new AssertionError("no slots in " + volume);
  }

  @Test
  void scrubOfAVolumeGoesOnWhereAnotherOneWasKilled() throws IOException {
    shell.input(Shell.randomBytes(300_000)).eris("put", "--store", volume);
    String id = shell.eris("store", "stat", volume).out().lines().findFirst().orElseThrow();
    String cursor = ".local/state/eris/scrub/" + id.substring(3);
    for (String beginning : List.of("extent 0", "A".repeat(52), "elsewhere")) {
      shell.file(cursor, "eris scrub 1 " + beginning + "\n");
      assertThat(shell.eris("store", "scrub", volume).out()).startsWith("11 blocks verified, ");
    }
    shell.file(cursor, "eris scrub 1 extent 1000\n");
    assertThat(shell.eris("store", "scrub", volume).out())
        .startsWith("0 blocks verified (the rest of a scrub), ");
    assertThat(home.resolve(cursor)).doesNotExist();
  }

  @Test
  void wrongUsageIsExitCode2() {
    assertThat(shell.eris("store").exitCode()).isEqualTo(2);
    assertThat(shell.eris("store", "grow").exitCode()).isEqualTo(2);
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
  void withoutAUrlTheEmbeddedStoreIsMeant() {
    String url = "volume://" + home.resolve(".local/share/eris/blocks.volume");
    assertThat(shell.eris("store", "stat").exitCode()).isEqualTo(1);
    assertThat(shell.input("content").eris("put").exitCode()).isZero();
    assertThat(shell.eris("store", "mode", "leased").out()).contains("leased");
    assertThat(shell.eris("store", "stat").out())
        .isEqualTo(shell.eris("store", "stat", url).out())
        .contains("leased");
    assertThat(shell.eris("store", "scrub").out()).startsWith("1 blocks verified");
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
    assertThat(shell.eris("store", "--help").out())
        .contains("create", "grow", "mode", "rebuild", "stat");
    assertThat(shell.eris("store", "create", "--help").out()).contains("--size=SIZE");
  }
}
