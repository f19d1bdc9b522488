package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PutAndGetTest {
  private static final String HELLO =
      "urn:eris:BIAD77QDJMFAKZYH2DXBUZYAP3MXZ3DJZVFYQ5DFWC6T65WSFCU5S2IT4YZGJ7AC4SYQMP2DM2ANS2ZTCP3D"
          + "JJIRV733CRAAHOSWIYZM3M";

  @TempDir Path home;
  private Shell shell = new Shell(Path.of(""));

  @BeforeEach
  void openShell() {
    shell = new Shell(home);
  }

  @Test
  void putPrintsTheUrnAndNothingElse() {
    Shell.Outcome put = shell.input("Hello world!").eris("put", "--convergent");

    assertThat(put.out()).isEqualTo(HELLO + "\n");
    assertThat(put.err()).isEmpty();
    assertThat(put.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1024, 16383, 16384, 32768, 1_000_000})
  void whatIsPutIsGot(int size) throws IOException {
    byte[] content = Shell.randomBytes(size);
    String urn = shell.file("urn", shell.eris("put", shell.file("content", content)).out());

    assertThat(shell.eris("get", "@" + urn).outBytes()).isEqualTo(content);
    assertThat(shell.eris("get", "-o", shell.path("copy"), "@" + urn).out()).isEmpty();
    assertThat(home.resolve("copy")).hasBinaryContent(content);
  }

  @Test
  void blockSizeFollowsTheContent() throws IOException {
    String small = shell.file("small", Shell.randomBytes(16 * 1024 - 1));
    String large = shell.file("large", Shell.randomBytes(16 * 1024));

    assertThat(shell.eris("sum", small).out()).startsWith("urn:eris:BI");
    assertThat(shell.eris("sum", large).out()).startsWith("urn:eris:B4");
    assertThat(shell.eris("sum", "--block-size", "32KiB", small).out()).startsWith("urn:eris:B4");
    assertThat(shell.eris("sum", "--block-size", "1KiB", large).out()).startsWith("urn:eris:BI");
  }

  @Test
  void uniqueIsTheDefaultAndConvergentRepeats() throws IOException {
    String file = shell.file("content", "the same");

    assertThat(shell.eris("sum", file, file).out().lines().distinct()).hasSize(2);
    assertThat(shell.eris("sum", "--unique", file, file).out().lines().distinct()).hasSize(2);
    assertThat(shell.eris("sum", "--convergent", file, file).out().lines().distinct()).hasSize(1);
  }

  @Test
  void aSecretFileIsRawOrBase32AndGivesItsOwnCapability() throws IOException {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) 7);
    String raw = shell.file("raw", secret);
    String text = shell.file("text", eris.Base32.encode(secret) + "\n");
    String file = shell.file("content", "content");

    String urn = shell.eris("sum", "--secret-file", raw, file).out();
    assertThat(shell.eris("sum", "--secret-file", text, file).out()).isEqualTo(urn);
    assertThat(shell.eris("sum", "--convergent", file).out()).isNotEqualTo(urn);
  }

  @Test
  void sumIsWhatPutPrintsAndStoresNothing() throws IOException {
    String file = shell.file("content", Shell.randomBytes(50_000));

    String sum = shell.eris("sum", "--convergent", file).out();
    assertThat(home.resolve(".local")).doesNotExist();
    assertThat(shell.eris("put", "--convergent", file).out()).isEqualTo(sum);
  }

  @Test
  void severalFilesGiveALineEachUpToTheFirstThatFails() throws IOException {
    String one = shell.file("one", "1");
    String two = shell.file("two", "2");

    assertThat(shell.eris("put", one, two, one).out().lines()).hasSize(3);

    Shell.Outcome failed = shell.eris("put", one, shell.path("absent"), two);
    assertThat(failed.out().lines()).hasSize(1);
    assertThat(failed.err())
        .isEqualTo("eris: error: " + shell.path("absent") + ": no such file or directory\n");
    assertThat(failed.exitCode()).isEqualTo(1);
  }

  @Test
  void aCapabilityComesFromFileInputOrArgument() throws IOException {
    shell.input("Hello world!").eris("put", "--convergent");

    assertThat(shell.eris("get", "@" + shell.file("hello.urn", HELLO + "\n")).out())
        .isEqualTo("Hello world!");
    assertThat(shell.input("  " + HELLO + "\n").eris("get", "-").out()).isEqualTo("Hello world!");

    Shell.Outcome argument = shell.eris("get", HELLO);
    assertThat(argument.out()).isEqualTo("Hello world!");
    assertThat(argument.err()).contains("warning").doesNotContain(HELLO.substring(9));
    assertThat(shell.eris("get", "--quiet", HELLO).err()).isEmpty();
  }

  @Test
  void aRangeIsWhatHttpWouldGive() {
    shell.input("Hello world!").eris("put", "--convergent");

    assertThat(shell.eris("get", "-q", "--range", "0-4", HELLO).out()).isEqualTo("Hello");
    assertThat(shell.eris("get", "-q", "--range", "6-", HELLO).out()).isEqualTo("world!");
    assertThat(shell.eris("get", "-q", "--range", "11-99", HELLO).out()).isEqualTo("!");
    assertThat(shell.eris("get", "-q", "--range", "12-", HELLO).exitCode()).isEqualTo(1);
    assertThat(shell.eris("get", "-q", "--range", "4-2", HELLO).exitCode()).isEqualTo(2);
  }

  @Test
  void maxSizeRefusesBeforeTheFirstByte() {
    shell.input("Hello world!").eris("put", "--convergent");

    assertThat(shell.eris("get", "-q", "--max-size", "12", HELLO).out()).isEqualTo("Hello world!");
    Shell.Outcome refused = shell.eris("get", "-q", "--max-size", "11", HELLO);
    assertThat(refused.exitCode()).isEqualTo(5);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).isEqualTo("eris: error: content is 12 bytes, --max-size is 11\n");
  }

  @Test
  void binaryContentGoesToATerminalOnlyWhenAsked() throws IOException {
    byte[] content = {'E', 'L', 'F', 0, 27};
    String urn = shell.file("urn", shell.eris("put", shell.file("content", content)).out());

    Shell.Outcome refused = shell.terminals("1").eris("get", "@" + urn);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains("binary").contains("-o -");
    assertThat(shell.eris("get", "-o", "-", "@" + urn).outBytes()).isEqualTo(content);
    assertThat(shell.eris("get", "-q", "@" + urn).exitCode()).isEqualTo(1);
  }

  @Test
  void textGoesToATerminal() throws IOException {
    String urn = shell.file("urn", shell.input("grüße\n\tfrom here\n").eris("put").out());

    assertThat(shell.terminals("12").eris("get", "@" + urn).out())
        .isEqualTo("grüße\n\tfrom here\n");
  }

  @Test
  void jsonTellsAllOfIt() throws IOException {
    String file = shell.file("content", "Hello world!");

    assertThat(shell.eris("put", "--convergent", "--json", file).line())
        .startsWith("{\"file\":\"" + file + "\",\"urn\":\"" + HELLO + "\",\"size\":12")
        .contains("\"blockSize\":1024")
        .contains("\"level\":0")
        .contains("\"handle\":\"eris-H77AGSYKAVTQPUHODJTQA7WZPTWGTTKLRB2GLMF5H53NEKFJ3FUQ\"");
    assertThat(shell.eris("info", "--json", "-q", HELLO).line())
        .contains("\"dialect\":\"1.0.0\"")
        .contains("\"maxSize\":1023");
    assertThat(shell.eris("verify", "--json", "-q", HELLO).line()).contains("\"findings\":0");
  }

  @Test
  void aDirectoryComesBackWithItsLinksAndPrograms() throws IOException {
    shell.file("tree/readme", "read me");
    shell.file("tree/deep/er/data", Shell.randomBytes(70_000));
    Path program = Path.of(shell.file("tree/bin/run", "#!/bin/sh\n"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(home.resolve("tree/link"), Path.of("deep/er/data"));

    String urn = shell.file("urn", shell.eris("put", "-r", shell.path("tree")).out());
    Shell.Outcome got = shell.eris("get", "-r", "-o", shell.path("copy"), "@" + urn);

    assertThat(got.exitCode()).as(got.err()).isZero();
    assertThat(listing(home.resolve("copy"))).isEqualTo(listing(home.resolve("tree")));
    assertThat(home.resolve("copy/deep/er/data"))
        .hasSameBinaryContentAs(home.resolve("tree/deep/er/data"));
    assertThat(home.resolve("copy/bin/run")).isExecutable();
    assertThat(home.resolve("copy/readme").toFile().canExecute()).isFalse();
    assertThat(Files.readSymbolicLink(home.resolve("copy/link")))
        .isEqualTo(Path.of("deep/er/data"));
  }

  /// Whoever puts it, and by whichever path.
  @Test
  void aDirectoryIsTheSameByALinkAndWhateverWeMayRun() throws IOException {
    Path file = Path.of(shell.file("tree/file", "runs for others alone"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-xr-x"));
    Files.createSymbolicLink(home.resolve("link"), Path.of("tree"));

    String urn = shell.eris("sum", "-r", "--convergent", shell.path("tree")).line();
    assertThat(shell.eris("sum", "-r", "--convergent", shell.path("link")).line())
        .isEqualTo(urn.replace("tree", "link"));
    String put = shell.file("urn", shell.eris("put", "-r", shell.path("link")).out());
    shell.eris("get", "-r", "-o", shell.path("copy"), "@" + put);
    assertThat(home.resolve("copy/file")).exists();
    assertThat(Files.getPosixFilePermissions(home.resolve("copy/file")))
        .doesNotContain(PosixFilePermission.OWNER_EXECUTE);
  }

  @Test
  void aDirectoryThatCannotBeWholeDoesNotAppear() throws IOException {
    shell.file("tree/a", "a");
    shell.file("tree/b", Shell.randomBytes(70_000));
    String store = "dir:" + shell.path("store");
    String urn =
        shell.file("urn", shell.eris("put", "--store", store, "-r", shell.path("tree")).out());
    Path lost =
        storedBlocks().stream().filter(path -> path.toFile().length() == 32768).findFirst().get();
    Files.delete(lost);

    Shell.Outcome got =
        shell.eris("get", "--store", store, "-r", "-o", shell.path("copy"), "@" + urn);

    assertThat(got.exitCode()).isEqualTo(3);
    assertThat(topLevel()).doesNotContain("copy").noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void anOutputFileAppearsWholeOrNotAtAll() throws IOException {
    byte[] content = Shell.randomBytes(3_000_000);
    String store = "dir:" + shell.path("store");
    String urn =
        shell.file(
            "urn", shell.eris("put", "--store", store, shell.file("content", content)).out());
    shell.file("copy", "precious");
    Files.delete(storedBlocks().get(40));

    Shell.Outcome got = shell.eris("get", "--store", store, "-o", shell.path("copy"), "@" + urn);

    assertThat(got.exitCode()).isEqualTo(3);
    assertThat(home.resolve("copy")).hasContent("precious");
    assertThat(topLevel()).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void draftsAreReadWhenAsked() throws IOException {
    shell.input("Hello world!").eris("put", "--convergent");
    String draft = shell.file("draft", HELLO.replace("urn:eris:", "urn:erisx3:"));

    Shell.Outcome refused = shell.eris("get", "@" + draft);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("draft").contains("--legacy");
    assertThat(shell.eris("get", "--legacy", "@" + draft).out()).isEqualTo("Hello world!");
    assertThat(shell.eris("info", "--legacy", "@" + draft).out()).contains("dialect     0.4.0");
    assertThat(shell.eris("verify", "@" + draft).exitCode()).isEqualTo(2);
  }

  private List<Path> storedBlocks() throws IOException {
    try (Stream<Path> paths = Files.walk(home.resolve("store"))) {
      return paths.filter(path -> path.getFileName().toString().length() == 52).sorted().toList();
    }
  }

  private List<String> topLevel() throws IOException {
    return listing(home).stream().filter(name -> !name.contains("/")).toList();
  }

  private static List<String> listing(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.map(path -> directory.relativize(path).toString()).sorted().toList();
    }
  }
}
