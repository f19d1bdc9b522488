package eris.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Guards the tree itself: which module sees which, who prints, whether links lead somewhere.
final class RepositoryTest {
  private static final Path ROOT = Path.of(System.getProperty("eris.root"));
  private static final Pattern REQUIRES =
      Pattern.compile("requires (?:static |transitive )*(eris\\.\\w+);");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

  /// What DESIGN allows: the arrows of ARCHITECTURE.md.
  private static final Map<String, Set<String>> EDGES =
      Map.of(
          "eris-core", Set.of(),
          "block-stores", Set.of("eris.core"),
          "testkit", Set.of("eris.core", "eris.stores"),
          "store-server", Set.of("eris.core", "eris.stores"),
          "image-tools", Set.of("eris.core"),
          "cli", Set.of("eris.core", "eris.stores", "eris.server", "eris.image"),
          "bench", Set.of("eris.core", "eris.stores"));

  /// Inside eris-core a package sees those before it, and `eris.cbor` and `eris.format` are beside.
  private static final Map<String, Set<String>> CORE_PACKAGES =
      Map.of(
          "eris.kernel", Set.of(),
          "eris", Set.of("eris.kernel"),
          "eris.store", Set.of("eris"),
          "eris.codec", Set.of("eris", "eris.kernel", "eris.store"),
          "eris.cbor", Set.of(),
          "eris.format", Set.of("eris", "eris.cbor"));

  @Test
  void modulesSeeOnlyWhatIsFurtherIn() throws IOException {
    for (Map.Entry<String, Set<String>> module : EDGES.entrySet()) {
      String descriptor =
          Files.readString(ROOT.resolve(module.getKey()).resolve("src/main/java/module-info.java"));
      Set<String> required =
          REQUIRES.matcher(descriptor).results().map(m -> m.group(1)).collect(Collectors.toSet());
      assertThat(required).as(module.getKey()).isEqualTo(module.getValue());
    }
  }

  @Test
  void packagesOfTheCorePointOneWay() throws IOException {
    Pattern imported =
        Pattern.compile("^import (?:static )?(eris(?:\\.[a-z]+)?)\\.[A-Z]", Pattern.MULTILINE);
    for (Path file : javaFiles("eris-core/src/main/java")) {
      String text = Files.readString(file);
      Matcher declared = Pattern.compile("^package (\\S+);", Pattern.MULTILINE).matcher(text);
      if (declared.find()) {
        Set<String> used =
            imported.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toSet());
        used.remove(declared.group(1));
        assertThat(CORE_PACKAGES.get(declared.group(1))).as(file.toString()).containsAll(used);
      }
    }
  }

  @Test
  void onlyTheCommandPrintsAndExits() throws IOException {
    for (String module : List.of("eris-core", "block-stores", "store-server", "image-tools")) {
      for (Path file : javaFiles(module + "/src/main/java")) {
        assertThat(Files.readString(file))
            .as(file.toString())
            .doesNotContain("System.out", "System.err", "System.exit", "printStackTrace");
      }
    }
  }

  @Test
  void everyPackageIsNullMarked() throws IOException {
    try (Stream<Path> directories =
        javaFiles("").stream()
            .filter(f -> f.toString().contains("/src/main/java/eris"))
            .map(Path::getParent)
            .distinct()) {
      assertThat(directories)
          .allSatisfy(
              directory ->
                  assertThat(directory.resolve("package-info.java"))
                      .content()
                      .contains("@NullMarked"));
    }
  }

  @Test
  void linksInTheDocumentsLeadSomewhere() throws IOException {
    for (Path document : files(".md")) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        assertThat(document.resolveSibling(link.group(1)).normalize())
            .as("link in " + document)
            .exists();
      }
    }
  }

  @Test
  void nothingIsLeftForLater() throws IOException {
    String marks = "TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK";
    for (Path file : javaFiles("")) {
      assertThat(Files.readString(file))
          .as(file.toString())
          .doesNotContainPattern("\\b(" + marks + ")\\b");
    }
  }

  private static List<Path> javaFiles(String below) throws IOException {
    return files(".java").stream().filter(path -> path.startsWith(ROOT.resolve(below))).toList();
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> paths = Files.walk(ROOT)) {
      return paths
          .filter(path -> path.toString().endsWith(ending))
          .filter(path -> !path.toString().matches(".*/(target|\\.git|\\.build)/.*"))
          .toList();
    }
  }
}
