package eris.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eris.BlockSize;
import eris.Key;
import eris.ReadCapability;
import eris.Reference;
import eris.ReferenceKeyPair;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What [Manifest] is as a value; its encoding is tested with the vectors of manifests.
final class ManifestTest {
  private static final SortedMap<String, String> NONE = new TreeMap<>();

  private static ReadCapability capability(int number) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) number;
    MemorySegment segment = MemorySegment.ofArray(bytes);
    return new ReadCapability(
        BlockSize.KIB_1,
        0,
        new ReferenceKeyPair(Reference.readFrom(segment, 0), Key.readFrom(segment, 0)));
  }

  private static Manifest.Entry elf(int number, String... targets) {
    SortedMap<String, String> needs = new TreeMap<>();
    for (String target : targets) {
      needs.put(target.substring(target.indexOf('/') + 1), target);
    }
    return new Manifest.Entry(
        capability(number), 1, Manifest.Type.ELF, needs, Optional.empty(), Optional.empty(), NONE);
  }

  private static Manifest manifest(Map<String, Manifest.Entry> files, String... roots) {
    return new Manifest(
        "x86_64", Manifest.Naming.ROUTE, List.of(roots), new TreeMap<>(files), NONE);
  }

  @Test
  void aClosureIsAllThatIsNeededDirectlyOrNot() {
    Manifest manifest =
        manifest(
            Map.of(
                "bin/x", elf(1, "lib/a", "lib/b"),
                "lib/a", elf(2, "lib/c"),
                "lib/b", elf(3, "lib/c"),
                "lib/c", elf(4),
                "lib/d", elf(5)),
            "bin/x");

    assertThat(manifest.closureOf("bin/x")).containsExactly("lib/a", "lib/b", "lib/c");
    assertThat(manifest.closureOf("lib/c")).isEmpty();
    assertThat(manifest.closureOf("bin/x", 1)).hasSizeGreaterThan(1);
    assertThatThrownBy(() -> manifest.closureOf("bin/y"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFileIsInItsOwnClosureOnlyInACycle() {
    Manifest manifest =
        manifest(Map.of("lib/a", elf(1, "lib/b"), "lib/b", elf(2, "lib/a")), "lib/a");

    assertThat(manifest.closureOf("lib/a")).containsExactly("lib/a", "lib/b");
  }

  @Test
  void interpretersAndPluginsBelongToAClosure() {
    var script =
        new Manifest.Entry(
            capability(1),
            1,
            Manifest.Type.SCRIPT,
            NONE,
            Optional.of("bin/sh"),
            Optional.of("-e"),
            new TreeMap<>(Map.of("/x/plugin.so", "lib/plugin.so")));
    Manifest manifest =
        manifest(
            Map.of("bin/x", script, "bin/sh", elf(2), "lib/plugin.so", elf(3, "bin/sh")), "bin/x");

    assertThat(manifest.closureOf("bin/x")).containsExactly("bin/sh", "lib/plugin.so");
  }

  @Test
  void aManifestIsEqualAfterItsEncoding() throws Exception {
    Manifest manifest =
        manifest(Map.of("bin/x", elf(1, "lib/a"), "lib/a", elf(2)), "bin/x", "lib/a");

    assertThat(Manifest.decode(manifest.encode())).isEqualTo(manifest);
  }

  @Test
  void nothingBrokenIsAValue() {
    assertThatThrownBy(() -> manifest(Map.of("bin/x", elf(1)), "bin/y"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a root that is no file of the manifest");
    assertThatThrownBy(() -> manifest(Map.of("bin/x", elf(1, "lib/a")), "bin/x"))
        .hasMessage("a need that is no file of the manifest");
    assertThatThrownBy(() -> manifest(Map.of("../x", elf(1)), "../x"))
        .hasMessage("the name '..' in a path");
    assertThatThrownBy(() -> Manifest.Entry.of(capability(1), 1, Manifest.Type.SCRIPT))
        .hasMessage("a script without interpreter");
    assertThatThrownBy(() -> manifest(Map.of("a\ud800", elf(1)), "a\ud800"))
        .hasMessage("a name without UTF-8 form in a path");
  }

  @Test
  void nothingOfItIsPrinted() {
    Manifest manifest = manifest(Map.of("bin/x", elf(1)), "bin/x");

    assertThat(manifest).hasToString("Manifest[1 files, redacted]");
    assertThat(manifest.file("bin/x")).hasToString("Entry[elf, 1 bytes, redacted]");
  }
}
