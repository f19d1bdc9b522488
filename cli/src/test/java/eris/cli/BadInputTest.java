package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import eris.testkit.RepeatedTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bad input gets a clear line and the documented exit code, and loses nothing.
final class BadInputTest {
  private static final String DIGITS =
      "BIAD77QDJMFAKZYH2DXBUZYAP3MXZ3DJZVFYQ5DFWC6T65WSFCU5S2IT4YZGJ7AC4SYQMP2DM2ANS2ZTCP3DJJIRV733CR"
          + "AAHOSWIYZM3M";
  private static final String HELLO = "urn:eris:" + DIGITS;

  @TempDir Path home;
  private Shell shell = new Shell(Path.of(""));

  @BeforeEach
  void openShell() {
    shell = new Shell(home);
  }

  static List<String> malformed() {
    return List.of(
        "",
        "hello",
        "urn:eris:",
        HELLO.substring(0, HELLO.length() - 1),
        HELLO + "A",
        HELLO + "=",
        "urn:eris:" + DIGITS.toLowerCase(java.util.Locale.ROOT),
        HELLO.replace('D', '1'),
        HELLO.substring(0, HELLO.length() - 1) + "N", // trailing bits
        "urn:blake2b:" + DIGITS,
        "urn:eris:AAAA" + DIGITS.substring(4), // block size
        "urn:erisx4:" + DIGITS,
        HELLO + "?+x",
        HELLO + "#x");
  }

  @Test
  void namesOfStrangersDoNotSteerTheTerminal() throws IOException {
    Shell.Outcome outcome = shell.eris("put", shell.path("no\u001b[31m\nsuch\u0085file"));
    assertThat(outcome.err()).contains("no?[31m?such?file: no such file");
    assertOneLine(outcome, "eris: error: ");
  }

  @Test
  void malformedCapabilitiesAreUsageErrorsInEveryCommand() throws IOException {
    for (String text : malformed()) {
      for (String command : List.of("get", "info", "verify")) {
        Shell.Outcome outcome = shell.eris(command, "@" + shell.file("urn", text));
        assertThat(outcome.exitCode()).as("%s %s", command, text).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertOneLine(outcome, "eris: error: ");
        assertThat(outcome.err()).doesNotContain(DIGITS.substring(60));
      }
    }
  }

  @Test
  void anImpossibleLevelIsMalformedContent() throws IOException {
    // Level 15 of 1 KiB blocks: the second byte.
    byte[] bytes = bytesOf(HELLO);
    bytes[1] = 15;
    String urn = shell.file("urn", "urn:eris:" + eris.Base32.encode(bytes));

    for (String command : List.of("get", "info", "verify")) {
      Shell.Outcome outcome = shell.eris(command, "@" + urn);
      assertThat(outcome.exitCode()).as(command).isEqualTo(4);
      assertThat(outcome.err()).contains("level 15, but no content needs more than 14");
    }
  }

  @Test
  void whatAFileHoldsIsNeverAnOption() throws IOException {
    shell.input("Hello world!").eris("put", "--convergent");

    for (String text :
        List.of(HELLO + " --output /tmp/x", HELLO + "\n" + HELLO, "--help", "--store dir:x")) {
      Shell.Outcome outcome = shell.eris("get", "@" + shell.file("urn", text));
      assertThat(outcome.exitCode()).as(text).isEqualTo(2);
      assertThat(outcome.out()).isEmpty();
    }
    assertThat(shell.eris("get", "@" + shell.file("urn", "")).err())
        .contains("holds no capability");
  }

  @Test
  void aMissingBlockNamesItselfAndACure() {
    Shell.Outcome outcome = shell.eris("get", "-q", HELLO);

    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.err())
        .isEqualTo(
            """
            eris: error: block H77A…3FUQ is missing
            eris: hint: name another store with --store
            """);
  }

  @Test
  void aCorruptBlockIsNotContent() throws IOException {
    String store = "dir:" + shell.path("store");
    shell.input("Hello world!").eris("put", "--convergent", "--store", store);
    Path block = blocks().getFirst();
    byte[] bytes = Files.readAllBytes(block);
    bytes[0] ^= 1;
    Files.write(block, bytes);

    for (String command : List.of("get", "verify")) {
      Shell.Outcome outcome = shell.eris(command, "-q", "--store", store, HELLO);
      assertThat(outcome.exitCode()).as(command).isEqualTo(4);
      assertThat(outcome.err()).contains("eris: error: ");
      assertThat(outcome.out()).doesNotContain("Hello");
    }
    shell.input("Hello world!").eris("put", "--convergent", "--store", store);
    assertThat(shell.eris("get", "-q", "--store", store, HELLO).out()).isEqualTo("Hello world!");
  }

  @Test
  void aGoodCopyInALaterStoreServes() throws IOException {
    String bad = "dir:" + shell.path("store");
    String good = "dir:" + shell.path("good");
    shell.input("Hello world!").eris("put", "--convergent", "--store", bad, "--store", good);
    Files.write(blocks().getFirst(), new byte[1024]);

    assertThat(shell.eris("get", "-q", "--store", bad, "--store", good, HELLO).out())
        .isEqualTo("Hello world!");
  }

  @Test
  void verifyTellsAllFindings() throws IOException {
    String store = "dir:" + shell.path("store");
    String urn =
        shell.file(
            "urn",
            shell
                .eris("put", "--store", store, shell.file("content", Shell.randomBytes(500_000)))
                .out());
    List<Path> blocks = blocks();
    Files.delete(blocks.get(3));
    Files.delete(blocks.get(7));
    Files.write(blocks.get(5), new byte[32768]);

    Shell.Outcome outcome = shell.eris("verify", "--store", store, "@" + urn);

    assertThat(outcome.out().lines().filter(line -> line.startsWith("missing "))).hasSize(2);
    assertThat(outcome.out().lines().filter(line -> line.startsWith("corrupt "))).hasSize(1);
    assertThat(outcome.out()).endsWith("15 blocks read, 3 findings\n");
    assertThat(outcome.exitCode()).isEqualTo(4);
  }

  @Test
  void verifyCanonicalKnowsTheSecret() throws IOException {
    String secret =
        shell.file(
            "secret",
            new byte[] {
              1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
              1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
            });
    String urn = shell.file("urn", shell.input("Hello").eris("put", "--secret-file", secret).out());

    assertThat(shell.eris("verify", "--canonical", "--secret-file", secret, "@" + urn).exitCode())
        .isZero();
    assertThat(shell.eris("verify", "--canonical", "@" + urn).out()).contains("not canonical");
    assertThat(shell.eris("verify", "--secret-file", secret, "@" + urn).exitCode()).isEqualTo(2);
  }

  @Test
  void theBombIsMeasuredVerifiedAndRefused() throws IOException {
    String urn = storedBomb();
    String store = "dir:" + shell.path("store");

    assertThat(shell.eris("info", "--store", store, "@" + urn).out())
        .contains("content     1152921504606846975 bytes");
    assertThat(shell.eris("verify", "--store", store, "@" + urn).out())
        .isEqualTo("6 blocks read, 0 findings\n");
    Shell.Outcome refused = shell.eris("get", "--max-size", "1TiB", "--store", store, "@" + urn);
    assertThat(refused.exitCode()).isEqualTo(5);
    assertThat(refused.out()).isEmpty();
  }

  private String storedBomb() throws IOException {
    try (var store = eris.stores.DirectoryStore.open(home.resolve("store"))) {
      String urn = RepeatedTree.bomb(store).toUrn();
      store.sync();
      return shell.file("bomb.urn", urn);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"foo:bar", "http://", "http://user:hunter2@host/", "dir:x?steal", "rocksdb:"})
  void aMalformedStoreUrlIsAUsageError(String url) {
    Shell.Outcome outcome = shell.input("x").eris("put", "--store", url);

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertOneLine(outcome, "eris: error: malformed store url: ");
    assertThat(outcome.err()).doesNotContain("hunter2");
  }

  @Test
  void rightsAreKept() throws IOException {
    String store = "dir:" + shell.path("store");
    shell.input("Hello world!").eris("put", "--convergent", "--store", store);

    Shell.Outcome put = shell.input("more").eris("put", "--store", store + "?get");
    assertThat(put.exitCode()).isEqualTo(6);
    assertThat(put.err()).contains("no store takes blocks");
    Shell.Outcome get = shell.eris("get", "-q", "--store", store + "?put", HELLO);
    assertThat(get.exitCode()).isEqualTo(6);
    assertThat(get.out()).isEmpty();
  }

  @Test
  void aCacheKeepsWhatWasFetched() {
    String far = "dir:" + shell.path("far");
    String near = "dir:" + shell.path("near");
    shell.input("Hello world!").eris("put", "--convergent", "--store", far);

    Shell.Outcome fetched =
        shell.with("ERIS_STORE_URL", near + "?cache " + far + "?get").eris("get", "-q", HELLO);
    assertThat(fetched.out()).as(fetched.err()).isEqualTo("Hello world!");
    assertThat(shell.eris("get", "-q", "--store", near, HELLO).out()).isEqualTo("Hello world!");
  }

  @ParameterizedTest
  @CsvSource({
    "get --range x @f, 2",
    "get --max-size much @f, 2",
    "put --block-size 4KiB, 2",
    "put --unique --convergent, 2",
    "put --nonsense, 2",
    "frobnicate, 2",
    "get, 2",
    "get -r @f, 2",
  })
  void wrongUsageIsToldInALineAndAHint(String line, int exitCode) throws IOException {
    shell.input("Hello world!").eris("put", "--convergent");
    String file = shell.file("f", HELLO);

    Shell.Outcome outcome = shell.eris(line.replace("@f", "@" + file).split(" ", -1));

    assertThat(outcome.exitCode()).isEqualTo(exitCode);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines())
        .hasSizeBetween(1, 2)
        .first()
        .asString()
        .startsWith("eris: error: ");
  }

  @Test
  void noCommandIsAUsageError() {
    assertThat(shell.eris().exitCode()).isEqualTo(2);
  }

  @Test
  void placesThatCannotBeUsedAreNamed() throws IOException {
    String file = shell.file("file", "x");
    String urn = shell.file("urn", shell.eris("put", file).out());

    assertThat(shell.eris("put", "--store", "dir:" + file, file).err()).contains(file);
    assertThat(shell.eris("get", "--store", "dir:" + shell.path("absent"), "@" + urn).err())
        .contains("no store at " + shell.path("absent"));
    assertThat(shell.eris("put", home.toString()).err()).contains("is a directory").contains("-r");
    assertThat(shell.eris("get", "-o", shell.path("no/where"), "@" + urn).err())
        .contains("no such file or directory");
    assertThat(shell.eris("get", "-o", home.toString(), "@" + urn).err())
        .contains("is a directory");
    assertThat(shell.eris("get", "@" + shell.path("absent")).exitCode()).isEqualTo(1);
    assertThat(shell.eris("put", "--secret-file", file, file).err())
        .contains("a secret is 32 bytes");
  }

  @Test
  void anErrorHasNoStackTraceWithoutDebug() {
    assertThat(shell.eris("get", "-q", HELLO).err()).doesNotContain("\tat ");
    assertThat(shell.eris("get", "-q", "--debug", HELLO).err()).contains("\tat ");
  }

  private static void assertOneLine(Shell.Outcome outcome, String start) {
    assertThat(outcome.err().lines())
        .hasSizeLessThanOrEqualTo(2)
        .first()
        .asString()
        .startsWith(start);
  }

  private static byte[] bytesOf(String urn) throws IOException {
    return eris.ReadCapability.parse(urn).toBytes();
  }

  private List<Path> blocks() throws IOException {
    try (Stream<Path> paths = Files.walk(home.resolve("store"))) {
      return paths.filter(path -> path.getFileName().toString().length() == 52).sorted().toList();
    }
  }
}
