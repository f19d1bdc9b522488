package eris.image.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.Reference;
import eris.format.Manifest;
import eris.image.tree.ClosureReader;
import eris.image.tree.FaultyFile;
import eris.image.tree.StoredFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class LoadedClosureTest {
  private static final byte[] PROGRAM = StoredFiles.randomBytes(300_000, 1);
  private static final byte[] LIBRARY = StoredFiles.randomBytes(1000, 2);

  private final StoredFiles files = new StoredFiles();

  LoadedClosureTest() throws IOException {
    files
        .addElf("bin/a", PROGRAM, Optional.of("lib/ld"), List.of("lib/b"))
        .addElf("lib/b", LIBRARY, Optional.empty(), List.of())
        .addElf("lib/ld", LIBRARY, Optional.empty(), List.of())
        .addElf("bin/other", StoredFiles.randomBytes(2000, 3), Optional.empty(), List.of())
        .add("share/data", Manifest.Type.DATA, new byte[0]);
  }

  @Test
  void whatAProgramNeedsIsLoadedAndEqualContentOnce() throws IOException {
    Manifest manifest = files.manifest("bin/a", "bin/other");
    try (LoadedClosure closure = LoadedClosure.load(manifest, "bin/a", files.reader())) {
      assertThat(closure.files().keySet())
          .containsExactly("bin/a", "lib/b", "lib/ld", "share/data");
      assertThat(Files.readAllBytes(closure.file("bin/a").path())).isEqualTo(PROGRAM);
      assertThat(Files.readAllBytes(closure.file("lib/b").path())).isEqualTo(LIBRARY);
      assertThat(closure.file("lib/ld")).isSameAs(closure.file("lib/b"));
      assertThat(closure.file("share/data").path()).isEmptyFile();
    }
    assertThat(LoadedClosure.size(manifest, "bin/a")).isEqualTo(301_000);
  }

  @Test
  void aCorruptBlockIsNamedWithItsFileAndIndex() throws IOException {
    Reference reference = files.damage("bin/a", 4);

    assertFault("bin/a: block 4 is corrupt: %s does not hash to its reference", reference, false);
  }

  @Test
  void aMissingBlockIsNamedWithItsFileAndIndex() throws IOException {
    Reference reference = files.damage("bin/a", 7);
    ClosureReader reader =
        new ClosureReader(
            (asked, target) ->
                asked.equals(reference) ? Optional.empty() : files.store.get(asked, target),
            StoredFiles.silent());

    assertThatExceptionOfType(FaultyFile.class)
        .isThrownBy(() -> LoadedClosure.load(files.manifest("bin/a"), "bin/a", reader))
        .withMessage("bin/a: block 7 is missing: %s", reference)
        .matches(FaultyFile::isMissing);
  }

  @Test
  void theLastBlockIsNamedToo() throws IOException {
    Reference reference = files.damage("bin/a", 9); // 300,000 bytes are 10 blocks

    assertFault("bin/a: block 9 is corrupt: %s does not hash to its reference", reference, false);
  }

  private void assertFault(String message, Reference reference, boolean missing) {
    assertThatExceptionOfType(FaultyFile.class)
        .isThrownBy(() -> LoadedClosure.load(files.manifest("bin/a"), "bin/a", files.reader()))
        .withMessage(message, reference)
        .matches(fault -> fault.isMissing() == missing);
  }

  @Test
  void aSizeThatIsNotTrueIsRefused() throws IOException {
    Manifest.Entry entry = files.entry("bin/a");
    var lying = new TreeMap<>(Map.of("bin/a", Manifest.Entry.of(entry.content(), 9, entry.type())));
    var manifest =
        new Manifest("x86_64", Manifest.Naming.ROUTE, List.of("bin/a"), lying, new TreeMap<>());

    assertThatExceptionOfType(FaultyFile.class)
        .isThrownBy(() -> LoadedClosure.load(manifest, "bin/a", files.reader()))
        .withMessage("bin/a: holds 300000 bytes, its manifest says 9");
  }
}
