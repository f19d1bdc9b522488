package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import eris.Base32;
import eris.ReadCapability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Capabilities and secrets go to standard output when they are the result, and nowhere else: not
/// into errors, stack traces, JSON of other commands or the names of files.
final class HygieneTest {
  @TempDir Path home;

  @Test
  void noCanaryGetsOut() throws IOException {
    var shell = new Shell(home);
    String store = "dir:" + shell.path("store");
    String secret = shell.file("secret", "S".repeat(31) + "!");
    String content = shell.file("content", Shell.randomBytes(100_000));
    String urn = shell.eris("put", "--store", store, "--secret-file", secret, content).line();
    List<String> canaries = canariesOf(urn);
    String file = shell.file("urn", urn);
    String key = shell.file("key", Shell.randomBytes(32));
    String other = shell.file("other", Shell.randomBytes(64));
    damageABlock();

    for (List<String> command :
        List.of(
            List.of("get", "@" + file),
            List.of("get", urn),
            List.of("get", "-r", "-o", shell.path("tree"), "@" + file),
            List.of("get", "--max-size", "1", "@" + file),
            List.of("get", "@" + file, "--nonsense"),
            List.of("get", urn, urn),
            List.of("get", "@" + urn),
            List.of("get", "--range", urn, "@" + file),
            List.of("get", "-o", shell.path("no/") + urn, "@" + file),
            List.of("put", urn),
            List.of("put", "--secret-file", urn),
            List.of("put", "--store", urn, content),
            List.of(urn),
            List.of("info", "--json", urn),
            List.of("verify", "--json", "@" + file),
            List.of("verify", "--canonical", "--secret-file", file, "@" + file),
            List.of("store", "export", "memory:", "--with-capability", urn),
            List.of("store", "export", "memory:", "--with-capability", urn + "A"),
            List.of("store", "export", store, "-o", shell.path("no/where") + "/" + urn),
            List.of("store", "import", "memory:", urn),
            List.of("store", "copy", urn, store),
            List.of("store", "scrub", "--heal", urn, store),
            List.of("pull", urn),
            List.of("pull", "--file", urn),
            List.of("push", "--file", "-", "--have", urn),
            List.of("sync", "--connect", "exit 1", urn),
            List.of("store", "gc", "--pins", urn, "--key-file", key, store),
            List.of("store", "gc", "--expire", urn, "volume:" + urn),
            List.of("pin", "add", "--key-file", key, urn),
            List.of("pin", "add", "--key-file", key, urn, urn),
            List.of("pin", "add", "--key-file", key, "--name", urn, "@" + urn),
            List.of("pin", "add", "--key-file", urn, "@" + file),
            List.of("pin", "add", "--passphrase-file", "@" + urn, "@" + file),
            List.of("pin", "ls", "--key-file", key),
            List.of("pin", "ls", "--json", "--key-file", key),
            List.of("pin", "ls", "--key-file", other),
            List.of("pin", "rm", "--key-file", key, urn),
            List.of("run", urn),
            List.of("run", "@" + file, "--", urn),
            List.of("run", "--component", urn, "@" + file),
            List.of("manifest", "get", "--file", urn, "@" + file),
            List.of("image", "closure", urn, "-o", shell.path("manifest")),
            List.of("image", "closure", content, "--plugin", urn, "-o", shell.path("manifest")),
            List.of("image", "closure", "verify", urn),
            List.of("image", "closure", "diff", urn, "@" + file),
            List.of("image", "dir", urn, "--names", "path", "-o", shell.path("directory")),
            List.of("image", "initramfs", "@" + file, "--init", urn, "-o", shell.path("initramfs")),
            List.of("image", "patch-elf", "--replace-needed", urn + "=x", content),
            List.of("link", "--nonsense", urn),
            List.of("get", urn.substring(0, 114)),
            List.of("get", urn.replace("urn:eris:", "urn:erisx3:")))) {
      Shell.Outcome outcome =
          shell.eris(
              Stream.concat(command.stream(), options(command, store)).toArray(String[]::new));
      for (String canary : canaries) {
        assertThat(outcome.err()).as("%s", command.getFirst()).doesNotContain(canary);
        if (outcome.exitCode() == 0 || !command.getFirst().equals("get")) {
          assertThat(outcome.out()).as("%s", command.getFirst()).doesNotContain(canary);
        }
      }
    }
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.map(Path::toString))
          .noneMatch(name -> canaries.stream().anyMatch(name::contains));
    }
  }

  private static Stream<String> options(List<String> command, String store) {
    return command.getFirst().equals("store") || command.getFirst().equals("pin")
        ? Stream.of("--debug")
        : Stream.of("--debug", "--store", store);
  }

  /// The key in the forms in which it could get out: in the URN, alone, in hexadecimal.
  private static List<String> canariesOf(String urn) throws IOException {
    byte[] bytes = ReadCapability.parse(urn).toBytes();
    byte[] key = Arrays.copyOfRange(bytes, 34, 66);
    return List.of(
        urn.substring(70, 100),
        Base32.encode(key).substring(0, 40),
        HexFormat.of().formatHex(key).substring(0, 40),
        "S".repeat(31));
  }

  private void damageABlock() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("store"))) {
      Path block = files.filter(file -> file.toFile().length() == 32768).findFirst().orElseThrow();
      Files.write(block, new byte[32768]);
    }
  }
}
