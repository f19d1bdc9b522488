package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.ConvergenceSecret;
import eris.codec.Encoder;
import eris.store.Retention;
import eris.testkit.MemoryCollectableStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `eris store gc`, on a store in memory.
final class StoreGcCommandTest {
  @TempDir Path home;
  private final MemoryCollectableStore store = new MemoryCollectableStore();
  private Shell shell;
  private String key;
  private String answer = "";
  private String terminals = "";
  private String err = "";

  /// 11 blocks that are pinned, and 5 that are not.
  @BeforeEach
  void fill() throws IOException {
    shell = new Shell(home);
    key = shell.file("key", Shell.randomBytes(32));
    String pinned = put(9 * 1024 + 1);
    put(3 * 1024 + 1);
    store.sync();
    shell.input(pinned).eris("pin", "add", "--key-file", key, "--name", "kept", "-");
  }

  private String put(int size) throws IOException {
    return new Encoder(BlockSize.KIB_1, store)
        .encode(new ByteArrayInputStream(Shell.randomBytes(size)), ConvergenceSecret.nullSecret())
        .toUrn();
  }

  @Test
  void whatIsNotPinnedGoesInTwoPasses() throws Exception {
    assertThat(gc("--yes"))
        .matches(
            """
            published  11 blocks wanted, live set 1 of account [A-Z2-7]{52}
            kept       12 blocks, 12288 bytes
            spared     0 blocks, 0 bytes
            trashed    5 blocks, 5120 bytes
            waiting    0 blocks, 0 bytes
            freed      0 blocks, 0 bytes
            restored   0 blocks, 0 bytes
            """);
    assertThat(gc("--yes", "--json"))
        .matches("\\{\"account\":\"[A-Z2-7]{52}\",\"sequence\":2,\"wanted\":11,.*}\n")
        .contains("\"freedBlocks\":5,\"freedBytes\":5120", "\"missing\":0");
    assertThat(gc()).contains("kept       12 blocks", "freed      0 blocks");
  }

  @Test
  void dryRunChangesNothing() throws Exception {
    assertThat(gc("--dry-run"))
        .contains("would be kept       11 blocks", "would be trashed    5 blocks");
    assertThat(store.metadata()).isEmpty();
    assertThat(gc("--yes", "--no-pins", "--dry-run", "--json")).isEmpty();
    assertThat(err).contains("no live set: nothing says what to keep");
  }

  @Test
  void manyBlocksGoOnlyIfSomebodySaysSo() throws Exception {
    assertThat(gc()).isEmpty();
    assertThat(err).isEqualTo("5:5 of 17 blocks would go, more than 10 % of the store");
    terminals = "012";
    answer = "n\n";
    assertThat(gc()).isEmpty();
    assertThat(err).startsWith("5:");
    answer = "y\n";
    assertThat(gc()).contains("trashed    5 blocks");
    assertThat(gc("--max-share", "30")).contains("freed      5 blocks");
  }

  @Test
  void silentAccountIsKeptUntilItIsExpired() throws Exception {
    String account = gc("--yes").replaceAll("(?s).*account ([A-Z2-7]{52}).*", "$1");
    String other = "other";
    shell.eris("pin", "rm", "--key-file", key, "kept");
    String urn = put(2 * 1024 + 1);
    shell.input(urn).eris("pin", "add", "--pins", shell.path(other), "--key-file", key, "-");
    assertThat(gc("--yes", "--pins", shell.path(other))).contains("kept       17 blocks");
    assertThat(gc("--expire", account, "--no-pins")).isEmpty();
    assertThat(err).startsWith("5:");
    assertThat(gc("--expire", account, "--no-pins", "--yes")).contains("trashed    12 blocks");
    assertThat(gc("--expire", account, "--no-pins", "--yes")).isEmpty();
    assertThat(err).isEqualTo("3:no live set of account " + account);
  }

  @Test
  void missingBlocksAreExitCode3() throws Exception {
    shell
        .input(shell.input(Shell.randomBytes(5000)).eris("put", "--store", "memory:").line())
        .eris("pin", "add", "--key-file", key, "-");
    assertThat(gc("--yes")).isEmpty();
    assertThat(err).isEqualTo("3:1 blocks of what is pinned are missing, 0 are wrong");
    assertThat(store.metadata()).isEmpty();
  }

  @Test
  void volumeIsCollected() throws IOException {
    String volume = "volume://" + home.resolve("v");
    shell.eris("store", "create", volume);
    byte[] content = Shell.randomBytes(100_000);
    String kept = shell.input(content).eris("put", "--store", volume).line();
    byte[] unwanted = Shell.randomBytes(110_000);
    String dropped = shell.input(unwanted).eris("put", "--store", volume).line();
    String[] gc = {"store", "gc", "--yes", "--pins", shell.path("p"), "--key-file", key, volume};
    shell.input(kept).eris("pin", "add", "--pins", shell.path("p"), "--key-file", key, "-");
    Shell.Outcome archive = shell.eris(gc);
    assertThat(archive.exitCode()).isEqualTo(5);
    assertThat(archive.err())
        .endsWith("eris: hint: to change that: eris store mode leased %s\n".formatted(volume));
    assertThat(shell.eris("store", "mode", "leased", volume).exitCode()).isZero();

    Shell.Outcome first = shell.eris(gc);
    assertThat(first.err()).isEmpty();
    assertThat(first.out())
        .contains("published  5 blocks", "kept       6 blocks", "trashed    5 blocks");
    assertThat(shell.input(dropped).eris("get", "--store", volume, "-").outBytes())
        .isEqualTo(unwanted);
    assertThat(shell.eris(gc).out()).contains("kept       6 blocks", "freed      5 blocks");
    assertThat(shell.input(dropped).eris("get", "--store", volume, "-").exitCode()).isEqualTo(3);
    assertThat(shell.input(kept).eris("get", "--store", volume, "-").outBytes()).isEqualTo(content);
    assertThat(shell.eris(gc).out()).contains("kept       6 blocks", "freed      0 blocks");
  }

  @Test
  void archiveIsExitCode5() throws Exception {
    store.setRetention(Retention.FOREVER);
    assertThat(gc("--yes")).isEmpty();
    assertThat(err).isEqualTo("5:the store is an archive: nothing is removed from it");
  }

  @Test
  void otherStoresAreExitCode2() {
    for (String url : new String[] {"dir:" + home + "/d", "memory:", "http://localhost:1"}) {
      Shell.Outcome outcome = shell.eris("store", "gc", url);
      assertThat(outcome.exitCode()).isEqualTo(2);
      assertThat(outcome.err())
          .contains("cannot be collected, only volumes can", "eris store copy " + url);
    }
    assertThat(home.resolve("d")).doesNotExist();
    assertThat(shell.eris("store", "gc", "--expire", "x", "memory:").exitCode()).isEqualTo(2);
    assertThat(shell.eris("store", "gc", "--max-share", "101", "memory:").exitCode()).isEqualTo(2);
    assertThat(shell.eris("store", "gc", "volume://" + home + "/v").exitCode()).isEqualTo(1);
    assertThat(home.resolve("v")).doesNotExist();
  }

  @Test
  void wrongKeyRemovesNothing() throws Exception {
    String wrong = shell.file("wrong", new byte[32]);
    assertThat(gc("--yes", "--key-file", wrong)).isEmpty();
    assertThat(err).startsWith("5:wrong passphrase or key file");
    assertThat(store.metadata()).isEmpty();
    var command = new StoreGcCommand();
    command.pins.file = Optional.of(home.resolve("nowhere"));
    command.pins.keyFile = Optional.of(Path.of(key));
    assertThatThrownBy(() -> command.collect(store, io(new ByteArrayOutputStream())))
        .hasMessage("there is no such file of pins");
  }

  /// The output of `eris store gc`; of a failure, `err` has code and line.
  private String gc(String... options) throws Exception {
    var command = new StoreGcCommand();
    String[] args = Arrays.copyOf(options, options.length + 1);
    args[options.length] = "volume:///v";
    new CommandLine(command).parseArgs(args);
    command.pins.keyFile = command.pins.keyFile.or(() -> Optional.of(Path.of(key)));
    var out = new ByteArrayOutputStream();
    err = "";
    try {
      command.collect(store, io(out));
    } catch (Exception e) {
      Failure failure = Failures.of(e);
      err = failure.exitCode().number() + ":" + failure.line();
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private Io io(ByteArrayOutputStream out) {
    return new Io(
        new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
        out,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        terminals,
        Map.of("HOME", home.toString()),
        () -> new Random(1),
        System::nanoTime);
  }
}
