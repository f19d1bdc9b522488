package eris.image.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eris.format.ErisFs;
import eris.format.Manifest;
import eris.format.Manifest.Naming;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClosureDirectoryTest {
  private static final byte[] PROGRAM = StoredFiles.randomBytes(100_000, 1);

  @TempDir Path directory;
  private final StoredFiles files = new StoredFiles();

  ClosureDirectoryTest() throws IOException {
    SortedMap<ErisFs.Path, ErisFs.Entry> tree = new TreeMap<>();
    tree.put(ErisFs.Path.of("a", "b"), new ErisFs.File(files.put(bytes("inside"))));
    tree.put(ErisFs.Path.of("run"), new ErisFs.Executable(files.put(bytes("#!"))));
    tree.put(ErisFs.Path.of("away"), new ErisFs.SymbolicLink("/etc/passwd"));
    files
        .addElf("bin/a", PROGRAM, Optional.of("lib/ld.so.1"), List.of("lib/b.so"))
        .addElf("lib/b.so", bytes("library"), Optional.empty(), List.of())
        .addElf("lib/ld.so.1", bytes("loader"), Optional.empty(), List.of())
        .add("lib/same.so", Manifest.Type.DATA, bytes("library"))
        .add("share/tree", Manifest.Type.TREE, new ErisFs(tree).encode());
  }

  @Test
  void byPathFilesAndTreesLieAsInTheManifest() throws IOException {
    write(Naming.ROUTE);

    assertThat(names())
        .containsExactly(
            "bin/a",
            "lib/b.so",
            "lib/ld.so.1",
            "lib/same.so",
            "share/tree/a/b",
            "share/tree/away",
            "share/tree/run");
    assertThat(directory.resolve("bin/a")).hasBinaryContent(PROGRAM).isExecutable();
    assertThat(directory.resolve("lib/same.so").toFile().canExecute()).isFalse();
    assertThat(directory.resolve("share/tree/run")).isExecutable();
    assertThat(directory.resolve("share/tree/a/b")).hasContent("inside");
    assertThat(Files.readSymbolicLink(directory.resolve("share/tree/away")))
        .isEqualTo(Path.of("/etc/passwd"));
  }

  @Test
  void byHandleObjectsLieSideBySideAndTheLoaderUnderItsNameToo() throws IOException {
    write(Naming.HANDLE);

    assertThat(names())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of("bin/a", "lib/b.so", "lib/ld.so.1", "share/tree")
                        .map(path -> files.entry(path).handle().toString()),
                    Stream.of("ld.so.1"))
                .toList());
    assertThat(directory.resolve("ld.so.1")).hasContent("loader").isExecutable();
  }

  @Test
  void byUrnTheNamesReadTheFiles() throws IOException {
    write(Naming.URN);

    assertThat(names()).contains(files.entry("bin/a").content().toUrn(), "ld.so.1").hasSize(5);
  }

  @Test
  void whatCannotBeHadIsNamed() throws IOException {
    files.damage("bin/a", 2);

    assertThatExceptionOfType(FaultyFile.class)
        .isThrownBy(() -> write(Naming.ROUTE))
        .withMessageStartingWith("bin/a: block 2 is corrupt: ");
  }

  @Test
  void aTreeIsBoundedAndItsFilesAreNamed() throws IOException {
    ErisFs tree =
        new ErisFs(
            new TreeMap<>(Map.of(ErisFs.Path.of("x", "y"), new ErisFs.File(files.put(PROGRAM)))));
    assertThatExceptionOfType(TreeWriter.TooLarge.class)
        .isThrownBy(() -> new TreeWriter(files.reader(), 99_999).write("t", tree, directory));
    assertThat(directory.resolve("x/y")).isEmptyFile();

    var empty = new ClosureReader((_, _) -> Optional.empty(), StoredFiles.silent());
    assertThatExceptionOfType(FaultyFile.class)
        .isThrownBy(() -> new TreeWriter(empty, 1 << 20).write("t", tree, directory.resolve("new")))
        .withMessageStartingWith("t/x/y: block 0 is missing: ");
  }

  private void write(Naming naming) throws IOException {
    ClosureDirectory.write(files.manifest("bin/a"), naming, files.reader(), directory);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(path -> !Files.isDirectory(path))
          .map(path -> directory.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
