package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import eris.store.MemoryBlockStore;
import eris.testkit.BlockServer;
import eris.testkit.Misbehaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `eris store …`, as transcripts.
final class StoreCareTest {
  private static final String EMPTY_ARCHIVE = "da657269739fbfffff";

  @TempDir Path home;
  private Shell shell = new Shell(Path.of(""));
  private String store = "";
  private String urn = "";
  private byte[] content = {};

  /// 16 leaves and their node, and one small block.
  @BeforeEach
  void fillStore() throws IOException {
    shell = new Shell(home);
    store = "dir:" + shell.path("store");
    content = Shell.randomBytes(500_000);
    String text =
        shell.eris("put", "--convergent", "--store", store, shell.file("content", content)).out();
    urn = shell.file("urn", text);
    shell.input("Hello world!").eris("put", "--convergent", "--store", store);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir:", "rocksdb:"})
  void statCountsBlocks(String scheme) {
    String url = scheme + shell.path("other");
    shell.eris("store", "copy", store, url);

    Shell.Outcome outcome = shell.eris("store", "stat", url);
    assertThat(outcome.out())
        .matches(
            """
            1 KiB       1 blocks, 1024 bytes
            32 KiB      17 blocks, 557056 bytes
            together    18 blocks, 558080 bytes
            space used  \\d+ bytes
            """);
    assertThat(outcome.exitCode()).isZero();
    assertThat(shell.eris("store", "stat", "--json", url).line())
        .matches(
            "\\{\"blocks1KiB\":1,\"blocks32KiB\":17,\"bytes\":558080,\"spaceUsed\":[56]\\d{5}}");
  }

  @Test
  void exportAndImportMoveAStore() throws IOException {
    String archive = shell.path("a.cbor");
    Shell.Outcome exported = shell.eris("store", "export", store, "-o", archive);
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    assertThat(exported.out()).isEmpty();

    Shell.Outcome imported = shell.eris("store", "import", "rocksdb:" + shell.path("b"), archive);
    assertThat(imported.exitCode()).as(imported.err()).isZero();
    assertThat(imported.out()).isEmpty();
    assertThat(shell.eris("get", "--store", "rocksdb:" + shell.path("b"), "@" + urn).outBytes())
        .isEqualTo(content);
    assertThat(shell.eris("get", "--store", "cbor+file:" + archive, "@" + urn).outBytes())
        .isEqualTo(content);

    byte[] again = shell.eris("store", "export", "rocksdb:" + shell.path("b")).outBytes();
    assertThat(again).isEqualTo(Files.readAllBytes(Path.of(archive)));
    assertThat(
            shell
                .input(again)
                .eris("store", "import", "--json", "dir:" + shell.path("c"), "-")
                .out())
        .contains("\"blocks\":18")
        .contains("\"corrupt\":0");
    assertThat(shell.eris("store", "stat", "cbor+file:" + archive).out())
        .contains("together    18 blocks, 558080 bytes\n");
  }

  @Test
  void anArchiveHasACapabilityOnlyIfAsked() throws IOException {
    String without = shell.path("without");
    String with = shell.path("with");
    shell.eris("store", "export", store, "-o", without);
    Shell.Outcome exported =
        shell.eris("store", "export", store, "-o", with, "--with-capability", "@" + urn);
    assertThat(exported.exitCode()).as(exported.err()).isZero();

    assertThat(Files.size(Path.of(with)) - Files.size(Path.of(without))).isEqualTo(71);
    assertThat(shell.eris("store", "import", "memory:", without).out()).isEmpty();
    assertThat(shell.eris("store", "import", "memory:", with).out())
        .isEqualTo(Files.readString(Path.of(urn)));
    assertThat(shell.eris("store", "import", "--json", "memory:", with).out())
        .startsWith("{\"urn\":\"urn:eris:");
  }

  @Test
  void aCutArchiveIsMalformedAndWhatIsWholeIsImported() throws IOException {
    byte[] archive = shell.eris("store", "export", store).outBytes();
    String cut = shell.file("cut", Arrays.copyOf(archive, archive.length / 2));
    String target = "dir:" + shell.path("target");

    Shell.Outcome outcome = shell.eris("store", "import", target, cut);
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .isEqualTo(
            "eris: error: malformed archive at byte %d: the input ends within a string\n"
                .formatted(archive.length / 2));
    assertThat(shell.eris("store", "stat", target).out()).contains("together    9 blocks");

    String noEnd = shell.file("no-end", Arrays.copyOf(archive, archive.length - 1));
    assertThat(shell.eris("store", "import", target, noEnd).exitCode()).isEqualTo(4);
    assertThat(shell.eris("get", "--store", target, "@" + urn).outBytes()).isEqualTo(content);
  }

  @Test
  void aCorruptBlockInAnArchiveIsLeftOut() throws IOException {
    byte[] archive = shell.eris("store", "export", store).outBytes();
    archive[100] ^= 1;
    String target = "dir:" + shell.path("target");

    Shell.Outcome outcome = shell.input(archive).eris("store", "import", target, "-");
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.err())
        .matches(
            """
            eris: warning: corrupt [A-Z2-7]{52}: does not hash to its reference
            eris: error: 1 blocks are corrupt and were left out
            """);
    assertThat(shell.eris("store", "stat", target).out()).contains("together    17 blocks");
  }

  @Test
  void exportLeavesOutWhatIsCorrupt() throws IOException {
    damage(3);
    Shell.Outcome outcome = shell.eris("store", "export", store, "-o", shell.path("a.cbor"));
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.err())
        .contains("eris: warning: corrupt ", "eris: error: 1 blocks are corrupt and were left out");
    assertThat(shell.eris("store", "import", "memory:", shell.path("a.cbor")).exitCode()).isZero();
  }

  @Test
  void exportToATerminalIsRefused() {
    Shell.Outcome outcome = shell.terminals("12").eris("store", "export", store);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("standard output is a terminal");
    assertThat(shell.eris("store", "export", store, "-o", "-").exitCode()).isZero();
  }

  @Test
  void nothingMakesAnEmptyArchive() {
    byte[] archive = shell.eris("store", "export", "memory:").outBytes();
    assertThat(java.util.HexFormat.of().formatHex(archive)).isEqualTo(EMPTY_ARCHIVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir:", "rocksdb:"})
  void copySkipsWhatIsThere(String scheme) throws IOException {
    String target = scheme + shell.path("target");
    assertThat(shell.eris("store", "copy", store, target).out())
        .isEqualTo("18 blocks copied, 0 were there, 0 are corrupt\n");
    assertThat(shell.eris("store", "copy", store, target).out())
        .isEqualTo("0 blocks copied, 18 were there, 0 are corrupt\n");
    assertThat(shell.eris("store", "copy", "--json", target, store).line())
        .isEqualTo("{\"copied\":0,\"present\":18,\"corrupt\":0}");
    assertThat(shell.eris("get", "--store", target, "@" + urn).outBytes()).isEqualTo(content);
  }

  @Test
  void copyTellsWhatIsCorruptAndCopiesTheRest() throws IOException {
    String damaged = damage(3).getFileName().toString();
    Files.write(blocks().get(5), new byte[7]); // not held, so not copied either

    Shell.Outcome outcome = shell.eris("store", "copy", store, "dir:" + shell.path("target"));
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.out())
        .isEqualTo(
            """
            corrupt %s: does not hash to its reference
            16 blocks copied, 0 were there, 1 are corrupt
            """
                .formatted(damaged));
    assertThat(outcome.err()).isEqualTo("eris: error: 1 blocks are corrupt and were left out\n");
  }

  @Test
  void scrubOfASoundStoreFindsNothing() {
    Shell.Outcome outcome = shell.eris("store", "scrub", store);
    assertThat(outcome.out()).isEqualTo("18 blocks verified, 0 healed, 0 are corrupt\n");
    assertThat(outcome.exitCode()).isZero();
    assertThat(shell.eris("store", "scrub", "--json", "--rate", "1GiB", store).line())
        .isEqualTo("{\"blocks\":18,\"healed\":0,\"corrupt\":0,\"resumed\":false}");
  }

  @Test
  void scrubSetsAsideUntilSomethingHeals() throws IOException {
    String good = "dir:" + shell.path("good");
    shell.eris("store", "copy", store, good);
    Path damaged = damage(3);
    String reference = damaged.getFileName().toString();
    String place = "in file %s/%s in %s".formatted(reference.substring(0, 2), reference, store);

    Shell.Outcome first = shell.eris("store", "scrub", store);
    assertThat(first.exitCode()).isEqualTo(4);
    assertThat(first.out())
        .isEqualTo(
            """
            corrupt %s: does not hash to its reference, %s; set aside
            18 blocks verified, 0 healed, 1 are corrupt
            """
                .formatted(reference, place));
    assertThat(first.err())
        .isEqualTo("eris: error: 1 blocks are corrupt: put them again, or scrub with --heal URL\n");
    assertThat(shell.eris("get", "--store", store, "@" + urn).exitCode()).isEqualTo(3);

    Shell.Outcome second = shell.eris("store", "scrub", store, "--heal", good);
    assertThat(second.out())
        .isEqualTo(
            """
            corrupt %s: was bad and is set aside, %s; healed from %s
            18 blocks verified, 1 healed, 0 are corrupt
            """
                .formatted(reference, place, good));
    assertThat(second.exitCode()).isZero();
    assertThat(shell.eris("get", "--store", store, "@" + urn).outBytes()).isEqualTo(content);
    assertThat(shell.eris("store", "scrub", store).out())
        .isEqualTo("18 blocks verified, 0 healed, 0 are corrupt\n");
    assertThat(home.resolve("store/corrupt")).isEmptyDirectory();
  }

  @Test
  void scrubTrustsNoHealer() throws IOException {
    String liar = "dir:" + shell.path("liar");
    shell.eris("store", "copy", store, liar);
    damage(3);
    Path lie = blocks("liar").get(3);
    Files.write(lie, new byte[32768]);

    Shell.Outcome outcome =
        shell.eris("store", "scrub", "--json", store, "--heal", "memory:", "--heal", liar);
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.err()).contains("eris: warning: " + liar + " does not heal: block ");
    assertThat(outcome.out())
        .contains("\"cure\":\"set aside\"}\n{\"blocks\":18,\"healed\":0,\"corrupt\":1");
  }

  @Test
  void scrubLeavesAStoreThatMayOnlyBeRead() throws IOException {
    Path damaged = damage(3);
    Shell.Outcome outcome = shell.eris("store", "scrub", store + "?get");
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.out()).contains("; left there: store " + store + " is read-only\n");
    assertThat(damaged).exists();
  }

  @Test
  void scrubGoesOnWhereAnotherOneWasKilled() throws IOException {
    List<Path> blocks = blocks();
    String middle = blocks.get(9).getFileName().toString();
    shell.file("store/scrub", "eris scrub 1 " + middle + "\n");
    long left = sortedReferences(blocks).indexOf(middle);
    assertThat(shell.eris("store", "scrub", store).out())
        .isEqualTo(
            "%d blocks verified (the rest of a scrub), 0 healed, 0 are corrupt\n"
                .formatted(18 - left));
    assertThat(shell.eris("store", "scrub", store).out()).startsWith("18 blocks verified, ");
    shell.file("store/scrub", "nonsense");
    assertThat(shell.eris("store", "scrub", store).out()).startsWith("18 blocks verified, ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "store|no command given",
        "store frobnicate|unmatched argument at index 1: 'frobnicate'",
        "store export|missing required parameter: 'STORE_URL'",
        "store stat nowhere:x|malformed store url: unknown scheme nowhere",
        "store stat http://localhost:1|store http://localhost:1 cannot tell what it holds",
        "store scrub memory:|store memory: cannot be scrubbed, want dir:, rocksdb: or volume:",
        "store scrub --rate 0 memory:|--rate must be at least 1",
        "store scrub --rate fast memory:|invalid value for option '--rate'",
        "store export memory: --with-capability nonsense|malformed read capability",
      })
  void wrongUsageIsTold(String line, String error) {
    Shell.Outcome outcome = shell.eris(line.split(" ", -1));
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("eris: error: " + error);
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void placesThatCannotBeUsedAreNamed() throws IOException {
    assertThat(shell.eris("store", "stat", shell.path("absent")).err())
        .contains("no store at " + shell.path("absent"));
    assertThat(shell.eris("store", "import", "memory:", shell.path("absent")).err())
        .contains("absent: no such file or directory");
    assertThat(shell.eris("store", "stat", "cbor+file:" + shell.file("x", "nonsense")).exitCode())
        .isEqualTo(4);
    assertThat(shell.eris("store", "copy", store, "cbor+file:" + shell.path("a")).exitCode())
        .isNotZero();
    String empty = shell.file("empty.cbor", java.util.HexFormat.of().parseHex(EMPTY_ARCHIVE));
    assertThat(shell.eris("store", "copy", store, "cbor+file:" + empty).exitCode()).isEqualTo(6);
  }

  @Test
  void aBlockServerTakesAndGivesBlocks() throws IOException {
    try (BlockServer server = BlockServer.of(new MemoryBlockStore())) {
      String url = server.url().toString();
      assertThat(shell.eris("put", "--convergent", "--store", url, shell.path("content")).line())
          .isEqualTo(Files.readString(Path.of(urn)).strip());
      assertThat(shell.eris("get", "--store", url, "@" + urn).outBytes()).isEqualTo(content);
      assertThat(shell.eris("store", "copy", store, url).out())
          .isEqualTo("1 blocks copied, 17 were there, 0 are corrupt\n");
      assertThat(shell.eris("put", "--store", url + "?get", shell.path("content")).exitCode())
          .isEqualTo(6);

      damage(3);
      damage(9);
      assertThat(shell.eris("store", "scrub", store, "--heal", url).out())
          .endsWith("18 blocks verified, 2 healed, 0 are corrupt\n");
      assertThat(shell.eris("get", "--store", store, "@" + urn).outBytes()).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @CsvSource({"IS_FULL, 6", "TAKES_NOTHING, 6", "FORBIDS, 5", "FAILS, 1"})
  void aBlockServerThatTakesNothingHasItsExitCode(Misbehaviour how, int exitCode)
      throws IOException {
    try (BlockServer server = BlockServer.of(new MemoryBlockStore())) {
      server.misbehave(how);
      Shell.Outcome outcome =
          shell.eris("put", "--store", server.url().toString(), shell.path("content"));
      assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
      assertThat(outcome.out()).isEmpty();
      assertThat(outcome.err()).contains(server.url().toString());
    }
  }

  private Path damage(int index) throws IOException {
    Path block = blocks().get(index);
    byte[] bytes = Files.readAllBytes(block);
    bytes[bytes.length / 2] ^= 1;
    return Files.write(block, bytes);
  }

  private List<Path> blocks() throws IOException {
    return blocks("store");
  }

  private List<Path> blocks(String name) throws IOException {
    try (Stream<Path> paths = Files.walk(home.resolve(name))) {
      return paths.filter(path -> path.getFileName().toString().length() == 52).sorted().toList();
    }
  }

  private static List<String> sortedReferences(List<Path> blocks) throws IOException {
    java.util.SortedSet<eris.Reference> references = new java.util.TreeSet<>();
    for (Path block : blocks) {
      references.add(eris.Reference.parse(block.getFileName().toString()));
    }
    return references.stream().map(eris.Reference::toString).toList();
  }
}
