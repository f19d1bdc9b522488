package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import eris.cli.Shell.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClosureCommandTest {
  private static final String URN = "urn:eris:[A-Z2-7]{106}";

  @TempDir Path home;
  private Shell shell = new Shell(Path.of(""));

  @BeforeEach
  void openShell() {
    shell = new Shell(home);
  }

  private Outcome closure(String... arguments) {
    return shell.eris(
        Stream.concat(Stream.of("image", "closure"), Stream.of(arguments)).toArray(String[]::new));
  }

  @Test
  void theUrnOfTheManifestIsPrintedAndNothingElse() throws IOException {
    Outcome outcome =
        closure("/bin/sh", "--store", shell.path("store"), "-o", shell.path("m.json"));

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).matches(URN + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("m.json"))))
        .isEqualTo("rw-------");
    String urn = shell.file("urn", outcome.out());
    String store = "--store=" + shell.path("store");
    closure("/bin/sh", store, "-o", shell.path("m.cbor"));
    assertThat(shell.eris("get", store, "@" + urn).outBytes())
        .isEqualTo(Files.readAllBytes(home.resolve("m.cbor")));
    assertThat(closure("/usr/bin/../bin/sh", store, "-o", "-").out())
        .isEqualTo(Files.readString(home.resolve("m.json")));
    assertThat(closure("/bin/sh", store, "--json").out())
        .matches(
            "\\{\"urn\":\""
                + URN
                + "\",\"blockSize\":1024,\"level\":\\d,\"reference\":\"[A-Z2-7]{52}\","
                + "\"handle\":\"eris-[A-Z2-7]{52}\",\"files\":3,\"objects\":3,\"bytes\":\\d+\\}\n");
  }

  @Test
  void aManifestIsReadFromWhereverItIs() throws IOException {
    String store = "--store=" + shell.path("store");
    String urn = closure("/bin/sh", store, "-o", shell.path("m.json")).line();
    closure("/bin/sh", store, "-o", shell.path("m.cbor"));
    String want = shell.eris("manifest", "get", shell.path("m.json")).out();

    assertThat(want)
        .startsWith("{\"path\":\"bin/sh\",\"cap\":\"urn:eris:")
        .contains("\"handle\":\"eris-", "\"closure\":{\"lib/");
    assertThat(shell.eris("manifest", "get", shell.path("m.cbor")).out()).isEqualTo(want);
    assertThat(shell.eris("manifest", "get", store, "@" + shell.file("urn", urn)).out())
        .isEqualTo(want);
    assertThat(shell.eris("manifest", "get", store, "--quiet", urn).out()).isEqualTo(want);
    assertThat(shell.input(urn + "\n").eris("manifest", "get", store, "-").out()).isEqualTo(want);
    byte[] json = Files.readAllBytes(home.resolve("m.json"));
    assertThat(shell.input(json).eris("manifest", "get", "-").out()).isEqualTo(want);

    Outcome urnAsFile = shell.eris("manifest", "get", shell.path("urn"));
    assertThat(urnAsFile.exitCode()).isEqualTo(4);
    assertThat(urnAsFile.err())
        .isEqualTo(
            """
            eris: error: %s: neither a manifest in JSON nor one in CBOR
            eris: hint: a file that holds its URN is named @FILE
            """
                .formatted(shell.path("urn")));
    Files.createDirectory(home.resolve("empty"));
    Outcome absent =
        shell.eris("manifest", "get", "--store", shell.path("empty"), "@" + shell.path("urn"));
    assertThat(absent.exitCode()).isEqualTo(3);
    Outcome malformed = shell.eris("manifest", "get", shell.file("bad", "{\"eris-manifest\": 2}"));
    assertThat(malformed.exitCode()).isEqualTo(4);
    assertThat(malformed.err()).isEqualTo("eris: error: malformed manifest: version 2, want 1\n");
  }

  @Test
  void noMatchAndSeveralAreNamed() {
    closure("/bin/sh", "/bin/cat", "--store", shell.path("store"), "-o", shell.path("m.json"));

    Outcome none = shell.eris("manifest", "get", "--output", "sbin", shell.path("m.json"));
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err()).isEqualTo("eris: error: no match for sbin/\n");
    Outcome several = shell.eris("manifest", "get", shell.path("m.json"));
    assertThat(several.exitCode()).isEqualTo(1);
    assertThat(several.err())
        .isEqualTo(
            """
            eris: error: 2 matches for bin/: bin/cat, bin/sh
            eris: hint: choose one with --file NAME
            """);
    assertThat(shell.eris("manifest", "get", "--file", "cat", shell.path("m.json")).out())
        .startsWith("{\"path\":\"bin/cat\",");
  }

  /// The record of the historic documents, field for field.
  @Test
  void historysManifestIsReadAndWritten() throws IOException {
    String urn =
        "urn:erisx2:AEA24Z7OYXY4VWA5ZUSRTCC46JXTKNHOGAVPHGH5QASXS74VZYU3UTYOCAEA2AGPASNTJHKWJ6I3LRNI7"
            + "4BP3XAPGY4ZODWORFQXYT74AA";
    String hello = "/nix/store/0-hello/bin/hello";
    String closure = "{\"/nix/store/1-libc/lib/libc.lib.so\":\"" + urn + "\"}";
    String old =
        shell.file(
            "old.json", "{\"%s\":{\"cap\":\"%s\",\"closure\":%s}}".formatted(hello, urn, closure));

    assertThat(shell.eris("manifest", "get", old).out())
        .matches(
            "\\{\"path\":\"%s\",\"cap\":\"%s\",\"handle\":\"eris-[A-Z2-7]{52}\",\"closure\":%s,"
                    .formatted(hello, urn, closure.replace("{", "\\{").replace("}", "\\}"))
                + "\"dialect\":\"[^\"]+\"\\}\n");
    Outcome verify = closure("verify", old, "--store", shell.path("store"));
    assertThat(verify.exitCode()).isEqualTo(4);
    assertThat(verify.err())
        .isEqualTo("eris: error: malformed manifest: no 'eris-manifest' with a version\n");

    closure(
        "/bin/sh",
        "--format",
        "sigil",
        "--store",
        shell.path("store"),
        "-o",
        shell.path("new.json"));
    assertThat(Files.readString(home.resolve("new.json")))
        .startsWith("{\n  \"/bin/sh\": {\n    \"cap\": \"urn:eris:")
        .doesNotContain("handle");
    assertThat(shell.eris("manifest", "get", shell.path("new.json")).out())
        .startsWith("{\"path\":\"/bin/sh\",\"cap\":\"urn:eris:");
  }

  @Test
  void verifyNamesFileBlockAndReferenceOfEveryFault() throws IOException {
    String store = "--store=" + shell.path("store");
    closure("/bin/sh", store, "-o", shell.path("m.json"));
    Outcome whole = closure("verify", shell.path("m.json"), store);
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    assertThat(whole.out()).matches("3 files, \\d+ blocks read, 0 faults\n");

    List<Path> blocks = blocksOf(home.resolve("store"));
    Files.delete(blocks.get(0));
    byte[] damaged = Files.readAllBytes(blocks.get(1));
    damaged[7] ^= 1;
    Files.setPosixFilePermissions(blocks.get(1), PosixFilePermissions.fromString("rw-------"));
    Files.write(blocks.get(1), damaged);
    Outcome outcome = closure("verify", shell.path("m.json"), store);

    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.out())
        .containsPattern(
            "(?m)^(bin|lib)/[^:]+: block(s from)? \\d+ at byte \\d+.*: missing [A-Z2-7]{52}$")
        .containsPattern(
            "(?m)^(bin|lib)/[^:]+: block(s from)? \\d+ at byte \\d+.*: corrupt [A-Z2-7]{52}: .*$");
    assertThat(outcome.err()).isEqualTo("eris: error: 1 faults, and 1 blocks are missing\n");
    assertThat(closure("verify", shell.path("m.json"), store, "--json").out())
        .contains(
            "\"finding\":\"Missing\",\"block\":",
            "\"finding\":\"Corrupt\",\"block\":",
            "\"faults\":2}");

    Files.delete(blocks.get(1));
    Outcome missing = closure("verify", shell.path("m.json"), store);
    assertThat(missing.exitCode()).isEqualTo(3);
    assertThat(missing.err())
        .isEqualTo(
            """
            eris: error: 2 blocks are missing
            eris: hint: name another store with --store
            """);
  }

  /// The largest ones, which are content and not the manifest.
  private static List<Path> blocksOf(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toFile().length() == 32768)
          .sorted()
          .toList();
    }
  }

  @Test
  void diffTellsWhatChangesAndWhatItCosts() {
    String store = "--store=" + shell.path("store");
    closure("/bin/sh", store, "-o", shell.path("a.json"));
    closure("/bin/sh", "/bin/cat", store, "--names", "handle", "-o", shell.path("b.json"));

    Outcome same = closure("diff", shell.path("a.json"), shell.path("a.json"));
    assertThat(same.out())
        .isEqualTo(
            "names route: 0 changed, 0 new, 0 gone, 0 routed; "
                + "to get: 0 objects, 0 bytes, at most 0 blocks\n");
    Outcome changed = closure("diff", shell.path("a.json"), shell.path("b.json"), store);
    assertThat(changed.out())
        .matches(
            "new     bin/cat \\(\\d+ bytes\\)\n"
                + "changed bin/sh \\(\\d+ to \\d+ bytes\\)\n"
                + "names route to handle: 1 changed, 1 new, 0 gone, 0 routed; "
                + "to get: 2 objects, \\d+ bytes, \\d+ blocks\n");
    assertThat(closure("diff", shell.path("a.json"), shell.path("b.json"), "--json").out())
        .contains(
            "{\"change\":\"new\",\"file\":\"bin/cat\",\"sizeAfter\":",
            "\"changed\":1,\"routed\":0,\"objects\":2");
  }

  @Test
  void whatCannotBeDoneIsSaid() throws IOException {
    assertThat(closure().err())
        .isEqualTo("eris: error: no program given\neris: hint: see eris image closure --help\n");
    assertThat(closure("/nowhere/x").exitCode()).isEqualTo(1);
    assertThat(closure("/nowhere/x").err())
        .isEqualTo("eris: error: /nowhere/x: no such file or directory\n");
    String text = shell.file("text", "hello");
    assertThat(closure(text).err())
        .isEqualTo("eris: error: " + text + ": neither an ELF file nor a script\n");
    assertThat(closure("/bin/sh", "--names", "path").exitCode()).isEqualTo(2);
    assertThat(closure("/bin/sh", "--plugin", "x").exitCode()).isEqualTo(2);
    assertThat(closure("/bin/sh", "--data", "x=" + text, "--data", "x=" + text).err())
        .isEqualTo("eris: error: duplicate --data x\n");
    assertThat(closure("/bin/sh", "--format", "sigil", "-o", "m.cbor").exitCode()).isEqualTo(2);
    assertThat(closure("/bin/sh", "--names", "urn", "--store", shell.path("store")).err())
        .isEqualTo(
            "eris: warning: --names urn needs a patched Genode, and puts read keys into the binaries\n");
  }
}
