package eris.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import eris.ReadCapability;
import eris.format.ErisFs.Executable;
import eris.format.ErisFs.File;
import eris.format.ErisFs.Path;
import eris.format.ErisFs.SymbolicLink;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErisFsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String CAPABILITY_HEX = "0a00" + "11".repeat(32) + "22".repeat(32);

  private final ReadCapability capability = ReadCapability.parse(HEX.parseHex(CAPABILITY_HEX));

  ErisFsTest() throws Exception {}

  @Test
  void theDocumentedExampleIsWrittenAndRead() throws Exception {
    String hex =
        "da65726974 8201 a2".replace(" ", "")
            + ("8161 61".replace(" ", "") + "820266" + "62696e2f6869")
            + ("826362696e" + "626869" + "8201d901145842" + CAPABILITY_HEX);
    ErisFs tree =
        tree(
            Map.of(
                Path.of("bin", "hi"), new Executable(capability),
                Path.of("a"), new SymbolicLink("bin/hi")));
    assertThat(HEX.formatHex(tree.encode())).isEqualTo(hex);
    assertThat(ErisFs.decode(HEX.parseHex(hex))).isEqualTo(tree);
  }

  @Test
  void allKindsSurviveARoundTrip() throws Exception {
    ErisFs tree =
        tree(
            Map.of(
                Path.of("usr", "bin", "tool"), new Executable(capability),
                Path.of("usr", "share", "größe \u6c34 \ud83d\ude00"), new File(capability),
                Path.of("..."), new File(capability),
                Path.of("usr", "bin", "line\nend\\"), new File(capability),
                Path.of("etc"), new SymbolicLink("/somewhere/../else")));
    assertThat(ErisFs.decode(tree.encode())).isEqualTo(tree);
  }

  @Test
  void theEmptyTreeIsATree() throws Exception {
    ErisFs tree = tree(Map.of());
    assertThat(HEX.formatHex(tree.encode())).isEqualTo("da657269748201a0");
    assertThat(ErisFs.decode(tree.encode())).isEqualTo(tree);
  }

  @Test
  void entriesListADirectoryTogetherWhateverOrderTheyCameIn() {
    var backwards = new TreeMap<Path, ErisFs.Entry>(Comparator.reverseOrder());
    backwards.put(Path.of("a"), new File(capability));
    backwards.put(Path.of("b", "z"), new File(capability));
    backwards.put(Path.of("b", "a", "deep"), new File(capability));
    backwards.put(Path.of("b!"), new File(capability));
    assertThat(new ErisFs(backwards).entries().keySet())
        .containsExactly(Path.of("a"), Path.of("b", "a", "deep"), Path.of("b", "z"), Path.of("b!"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "/", "a/b", "/etc", "a\0", "\0", "half \ud800"})
  void unsafeNamesHaveNoPath(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> Path.of(name));
    assertThatIllegalArgumentException().isThrownBy(() -> Path.of("a", name));
    assertThatIllegalArgumentException().isThrownBy(() -> Path.of(name, "a"));
  }

  @Test
  void noPathIsEmpty() {
    assertThatIllegalArgumentException().isThrownBy(Path::of);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0", "a\0b", "half \udc00"})
  void linksLeadSomewhere(String target) {
    assertThatIllegalArgumentException().isThrownBy(() -> new SymbolicLink(target));
  }

  @Test
  void noPathLeadsThroughAnother() {
    var entries = new TreeMap<Path, ErisFs.Entry>();
    entries.put(Path.of("a"), new SymbolicLink("/etc"));
    entries.put(Path.of("a!"), new File(capability));
    entries.put(Path.of("a", "b", "passwd"), new File(capability));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ErisFs(entries))
        .withMessage("a path that leads through another entry");
  }

  @Test
  void textShowsNoCapability() {
    ErisFs tree = tree(Map.of(Path.of("secret"), new File(capability)));
    assertThat(tree).hasToString("ErisFs[1 entries, redacted]");
    assertThat(tree.entries().values().toString()).contains("Key[redacted]");
  }

  @Test
  void entriesDoNotChange() {
    var entries = new TreeMap<Path, ErisFs.Entry>();
    var tree = new ErisFs(entries);
    entries.put(Path.of("late"), new File(capability));
    assertThat(tree.entries()).isEmpty();
  }

  private static ErisFs tree(Map<Path, ErisFs.Entry> entries) {
    return new ErisFs(new TreeMap<>(entries));
  }
}
