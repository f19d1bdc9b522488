package eris.image.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads every ELF file of this machine as `readelf` and `patchelf` do.
@Tag("wide")
final class ElfPeerTest {
  private static final int FEWEST_FILES = 300;

  @TempDir Path home;

  /// Programs and libraries, each once, without links.
  static List<Path> installed() throws IOException {
    var files = new TreeSet<Path>();
    for (String directory : List.of("/usr/bin", "/usr/lib/x86_64-linux-gnu")) {
      if (Files.isDirectory(Path.of(directory))) {
        try (Stream<Path> all = Files.walk(Path.of(directory))) {
          all.filter(ElfPeerTest::isElf).forEach(files::add);
        }
      }
    }
    return List.copyOf(files);
  }

  private static boolean isElf(Path file) {
    if (Files.isSymbolicLink(file) || !Files.isRegularFile(file) || !Files.isReadable(file)) {
      return false;
    }
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file)) {
      return ElfFile.isElf(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What [ElfFile] says of a file, in the form of the peer.
  static Readelf.Facts read(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file)) {
      ElfFile elf =
          ElfFile.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
      var facts = new Readelf.Facts();
      facts.isDynamic = elf.isDynamic();
      facts.needed.addAll(elf.needed());
      facts.soname = elf.soname();
      facts.rpath = elf.rpath();
      facts.runpath = elf.runpath();
      facts.interpreter = elf.interpreter();
      facts.versions.addAll(elf.versionNeeds());
      return facts;
    }
  }

  @Test
  void namesAreThoseOfReadelfForEveryFile() throws Exception {
    assumeTrue(Gcc.exists("readelf"), "no readelf");
    List<Path> files = installed();
    assertThat(files).hasSizeGreaterThan(FEWEST_FILES);
    for (Map.Entry<Path, Readelf.Facts> peer : Readelf.of(home, files, "-dlW").entrySet()) {
      Readelf.Facts ours = read(peer.getKey());
      ours.versions.clear();
      assertThat(ours)
          .as(peer.getKey().toString())
          .usingRecursiveComparison()
          .isEqualTo(peer.getValue());
    }
  }

  @Test
  void versionsAreThoseOfReadelf() throws Exception {
    assumeTrue(Gcc.exists("readelf"), "no readelf");
    List<Path> files = everyNth(installed(), 5);
    for (Map.Entry<Path, Readelf.Facts> peer : Readelf.of(home, files, "-VW").entrySet()) {
      assertThat(read(peer.getKey()).versions)
          .as(peer.getKey().toString())
          .isEqualTo(peer.getValue().versions);
    }
  }

  @Test
  void namesAreThoseOfPatchelf() throws Exception {
    assumeTrue(Gcc.exists("patchelf"), "no patchelf");
    int compared = 0;
    for (Path file : everyNth(installed(), 25)) {
      Readelf.Facts ours = read(file);
      if (ours.isDynamic) {
        assertThat(patchelf("--print-needed", file)).as(file.toString()).isEqualTo(ours.needed);
        assertThat(patchelf("--print-rpath", file))
            .as(file.toString())
            .containsExactly(ours.runpath.or(() -> ours.rpath).orElse(""));
        if (ours.soname.isPresent()) {
          assertThat(patchelf("--print-soname", file)).containsExactly(ours.soname.get());
        }
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(FEWEST_FILES / 25 / 2);
  }

  private List<String> patchelf(String option, Path file) throws Exception {
    return Gcc.run(home, Map.of(), List.of("patchelf", option, file.toString()))
        .output()
        .lines()
        .toList();
  }

  private static List<Path> everyNth(List<Path> files, int step) {
    List<Path> some = new ArrayList<>();
    for (int i = 0; i < files.size(); i += step) {
      some.add(files.get(i));
    }
    return some;
  }
}
