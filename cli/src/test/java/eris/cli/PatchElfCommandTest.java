package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transcripts of `eris image patch-elf`, of a library that is kept among the resources.
final class PatchElfCommandTest {
  private static final String HANDLE = "eris-" + "A".repeat(52);
  private static final String ALL =
      """
      type dyn
      bits 64
      architecture x86_64
      dynamic true
      soname libsample.so.1
      runpath $ORIGIN/lib
      needed libm.so.6
      needed libc.so.6
      versions libc.so.6 GLIBC_2.2.5
      versions libm.so.6 GLIBC_2.29
      """;

  @TempDir Path home;
  private Shell shell;
  private String file;
  private byte[] original;

  @BeforeEach
  void copySample() throws IOException {
    shell = new Shell(home);
    try (var in = getClass().getResourceAsStream("libsample.so")) {
      original = in.readAllBytes();
    }
    file = shell.file("libsample.so", original);
  }

  private Shell.Outcome patch(String... options) {
    return shell.eris(
        Stream.concat(Stream.of("image", "patch-elf"), Arrays.stream(options))
            .toArray(String[]::new));
  }

  private String printed(String path) {
    return patch("--print", path).out();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(home)) {
      return all.toList();
    }
  }

  @Test
  void namesArePrinted() {
    assertThat(printed(file)).isEqualTo(ALL);
    assertThat(patch("--print", "--json", file).line())
        .isEqualTo(
            "{\"type\":\"dyn\",\"bits\":64,\"architecture\":\"x86_64\",\"dynamic\":true,"
                + "\"soname\":\"libsample.so.1\",\"runpath\":\"$ORIGIN/lib\","
                + "\"needed\":[\"libm.so.6\",\"libc.so.6\"],"
                + "\"versions\":{\"libc.so.6\":[\"GLIBC_2.2.5\"],\"libm.so.6\":[\"GLIBC_2.29\"]}}");
  }

  @Test
  void fileIsReplacedWithItsPermissions() throws IOException {
    Files.setPosixFilePermissions(Path.of(file), PosixFilePermissions.fromString("rwxr-x--x"));
    Shell.Outcome outcome =
        patch("--replace-needed", "libm.so.6=" + HANDLE, "--remove-rpath", file);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).isEmpty();
    assertThat(printed(file))
        .isEqualTo(ALL.replace("libm.so.6", HANDLE).replace("runpath $ORIGIN/lib\n", ""));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))))
        .isEqualTo("rwxr-x--x");
    assertThat(files()).containsExactly(Path.of(file));
  }

  @Test
  void resultGoesElsewhereOrToStandardOutput() throws IOException {
    String other = shell.path("other");
    assertThat(patch("--set-soname", "liba.so", "--set-rpath", "/r", "-o", other, file).err())
        .isEmpty();
    assertThat(printed(other))
        .contains("\nsoname liba.so\n", "\nrunpath /r\n", "\nneeded libm.so.6\n");
    assertThat(Path.of(file)).hasBinaryContent(original);
    assertThat(patch("--set-soname", "liba.so", "--set-rpath", "/r", "-o", "-", file).outBytes())
        .isEqualTo(Files.readAllBytes(Path.of(other)));
  }

  @Test
  void emptyRunPathIsNone() {
    patch("--set-rpath", "", file);
    assertThat(printed(file)).isEqualTo(ALL.replace("runpath $ORIGIN/lib\n", ""));
    patch("--set-rpath", "", file);
    assertThat(printed(file)).isEqualTo(ALL.replace("runpath $ORIGIN/lib\n", ""));
  }

  @Test
  void whatIsNotNeededCannotBeReplaced() throws IOException {
    assertRefused(
        1,
        "eris: error: "
            + file
            + " does not need libz.so\n"
            + "eris: hint: it needs libm.so.6, libc.so.6\n",
        "--replace-needed",
        "libm.so.6=" + HANDLE,
        "--replace-needed",
        "libz.so=" + HANDLE,
        file);
  }

  @Test
  void genodeWantsAnotherLayout() throws IOException {
    assertThat(patch("--print", "--genode", file).out())
        .isEqualTo(ALL + "genode no DT_HASH (gcc -Wl,--hash-style=sysv makes one)\n");
    assertRefused(
        1,
        "eris: error: "
            + file
            + ": no room for a program header after the others, as Genode has it\n",
        "--genode",
        "--replace-needed",
        "libm.so.6=" + HANDLE,
        file);
  }

  @Test
  void noInterpreterCannotBeReplaced() throws IOException {
    assertRefused(
        1,
        "eris: error: " + file + ": has no interpreter to replace\n",
        "--set-interpreter",
        "/lib/ld.so",
        file);
  }

  @Test
  void wrongUseIsExit2() throws IOException {
    assertUsage("either --print or something to change", file);
    assertUsage("either --print or something to change", "--print", "--remove-rpath", file);
    assertUsage(
        "--replace-needed is OLD=NEW, not libm.so.6", "--replace-needed", "libm.so.6", file);
    assertUsage(
        "a is replaced more than once", "--replace-needed", "a=b", "--replace-needed", "a=c", file);
    assertUsage("ld.lib.so keeps its name", "--replace-needed", "ld.lib.so=" + HANDLE, file);
    assertUsage(
        "a soname of 4096 bytes, want at most 4095", "--set-soname", "n".repeat(4096), file);
    assertUsage(
        "--set-rpath and --remove-rpath exclude each other",
        "--set-rpath",
        "/r",
        "--remove-rpath",
        file);
  }

  private void assertUsage(String message, String... options) throws IOException {
    Shell.Outcome outcome = patch(options);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("eris: error: " + message + "\n");
    assertThat(Path.of(file)).hasBinaryContent(original);
  }

  private void assertRefused(int exitCode, String err, String... options) throws IOException {
    Shell.Outcome outcome = patch(options);
    assertThat(outcome.err()).isEqualTo(err);
    assertThat(outcome.exitCode()).isEqualTo(exitCode);
    assertThat(Path.of(file)).hasBinaryContent(original);
    assertThat(files()).containsExactly(Path.of(file));
  }

  @Test
  void malformedFileIsExit4() throws IOException {
    for (var bad :
        List.of(
            List.of(
                "script",
                "#!/bin/sh\n",
                ": malformed ELF at byte 0: not an ELF file, but a script"),
            List.of(
                "text", "hello", ": malformed ELF at byte 0: not an ELF file, but something else"),
            List.of("empty", "", ": malformed ELF at byte 0: not an ELF file, but empty"))) {
      String path = shell.file(bad.get(0), bad.get(1));
      Shell.Outcome outcome = patch("--remove-rpath", path);
      assertThat(outcome.err()).isEqualTo("eris: error: " + path + bad.get(2) + "\n");
      assertThat(outcome.exitCode()).isEqualTo(4);
    }
    String cut = shell.file("cut", Arrays.copyOf(original, original.length / 4));
    assertThat(patch("--print", cut).exitCode()).isEqualTo(4);
    assertThat(patch("--print", cut).err()).contains(cut, "but the file ends at ");
  }

  @Test
  void whatIsNoFileIsExit1() {
    assertThat(patch("--print", shell.path("none")).err())
        .isEqualTo("eris: error: " + shell.path("none") + ": no such file or directory\n");
    assertThat(patch("--print", home.toString()).err())
        .isEqualTo("eris: error: " + home + ": not a regular file\n");
  }
}
