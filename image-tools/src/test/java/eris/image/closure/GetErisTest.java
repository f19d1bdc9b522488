package eris.image.closure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.format.Manifest;
import eris.format.Manifest.Naming;
import eris.image.elf.Gcc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `getEris.nix`, evaluated by Nix (Debian's `nix-bin`).
@Tag("wide")
final class GetErisTest {
  private static final Path EXPRESSION =
      Path.of(System.getProperty("eris.root"), "image-tools/src/main/nix/getEris.nix");

  @TempDir Path directory;

  @BeforeEach
  void requireNix() {
    assumeTrue(Gcc.exists("nix-instantiate"), "no nix-instantiate");
  }

  private Gcc.Outcome evaluate(String call) throws Exception {
    String expression = "with import %s; %s".formatted(EXPRESSION, call);
    return Gcc.run(
        directory,
        Map.of("HOME", directory.toString()),
        List.of("nix-instantiate", "--eval", "--strict", "--json", "-E", expression));
  }

  private static JsonNode json(Gcc.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    return JsonMapper.shared().readTree(outcome.output());
  }

  @Test
  void theRecordIsThatOfTheManifest() throws Exception {
    var programs = new Programs(directory);
    Path other = programs.program("bin/other", List.of());
    Manifest manifest =
        programs.closure(Naming.HANDLE, programs.program("bin/prog", List.of()), other).manifest();
    Path file = Files.writeString(directory.resolve("m.json"), ManifestJson.write(manifest));
    ManifestRecord want = ManifestRecord.select(manifest, "bin", Optional.of("prog")).getFirst();

    JsonNode record = json(evaluate("getEris' \"bin\" %s \"prog\"".formatted(file)));
    assertThat(record.propertyNames()).containsExactlyInAnyOrder("cap", "closure", "path");
    assertThat(record.path("path").asString()).isEqualTo("/bin/prog");
    assertThat(record.path("cap").asString()).isEqualTo(want.capability());
    assertThat(record.path("closure").size()).isEqualTo(want.closure().size());
    want.closure()
        .forEach(
            (path, urn) ->
                assertThat(record.path("closure").path("/" + path).asString()).isEqualTo(urn));

    assertThat(evaluate("getEris \"bin\" %s".formatted(file)).output())
        .contains("2 matches for bin/: /bin/other, /bin/prog");
    assertThat(evaluate("getEris \"sbin\" %s".formatted(file)).output())
        .contains("no match for sbin/");
    assertThat(
            json(evaluate("getEris' \"bin\" { out = %s; } \"prog\"".formatted(packageOf(file))))
                .path("path")
                .asString())
        .isEqualTo(directory.resolve("package/bin/prog").toString());
  }

  private String packageOf(Path manifest) throws IOException {
    Path place = directory.resolve("package/nix-support/eris-manifest.json");
    Files.createDirectories(place.getParent());
    Files.copy(manifest, place);
    return "\"" + directory.resolve("package") + "\"";
  }

  @Test
  void historysManifestGivesWhatItSays() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("old.json"),
            """
            {"/nix/store/0-hello/bin/hello":
              {"cap": "urn:erisx2:H", "closure": {"/nix/store/1-libc/lib/libc.lib.so": "urn:erisx2:C"}},
             "/nix/store/0-hello/lib/hello.lib.so": {"cap": "urn:erisx2:L", "closure": {}}}
            """);

    assertThat(json(evaluate("getEris \"bin\" %s".formatted(file))))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"cap": "urn:erisx2:H",
                     "closure": {"/nix/store/1-libc/lib/libc.lib.so": "urn:erisx2:C"},
                     "path": "/nix/store/0-hello/bin/hello"}
                    """));
  }
}
