package eris.image.closure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eris.format.Manifest.Naming;
import eris.image.elf.ElfFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The libraries that are found for a program of the machine are those that its loader loads: for every
/// fifth, or with `-Deris.ldd.every=1` all.
@Tag("wide")
final class LddPeerTest {
  private static final Path LDD = Path.of("/usr/bin/ldd");
  private static final int EVERY = Integer.getInteger("eris.ldd.every", 5);
  private static final int FEWEST_PROGRAMS = 20;

  /// `libc.so.6 => /lib/… (0x…)`, or the loader's path alone.
  private static final Pattern LIBRARY =
      Pattern.compile("\\t(?:.* => )?(/.*) \\(0x\\p{XDigit}+\\)");

  @Test
  void librariesAreThoseThatTheLoaderLoads() throws Exception {
    assumeTrue(Files.isExecutable(LDD), "no ldd");
    List<String> differing = new ArrayList<>();
    int compared = 0;
    List<Path> programs = programs();
    for (int i = 0; i < programs.size(); i += EVERY) {
      Path program = programs.get(i);
      List<String> told = ldd(program);
      if (told.stream().anyMatch(line -> line.contains("not found"))) {
        continue; // a program that does not start
      }
      Set<Path> theirs = new TreeSet<>();
      for (String line : told) {
        Matcher library = LIBRARY.matcher(line);
        if (library.matches()) {
          theirs.add(Path.of(library.group(1)).toRealPath());
        }
      }
      Set<Path> ours = ours(program);
      compared++;
      if (!ours.equals(theirs)) {
        differing.add("%s: %s, its loader %s".formatted(program, ours, theirs));
      }
    }
    assertThat(differing).isEmpty();
    assertThat(compared).isGreaterThan(FEWEST_PROGRAMS);
  }

  private static Set<Path> ours(Path program) throws IOException {
    Set<Path> found = new TreeSet<>();
    for (ClosureFile file : ClosureScan.of(ClosureRequest.of(Naming.ROUTE, program)).files()) {
      found.add(file.place().toRealPath());
    }
    found.remove(program.toRealPath());
    return found;
  }

  private static List<String> ldd(Path program) throws Exception {
    Process ldd = new ProcessBuilder(LDD.toString(), program.toString()).start();
    try (var lines = ldd.inputReader()) {
      List<String> told = lines.lines().toList();
      ldd.waitFor();
      return told;
    }
  }

  private static List<Path> programs() throws IOException {
    try (var paths = Files.list(Path.of("/usr/bin"))) {
      return paths
          .filter(path -> Files.isRegularFile(path) && Files.isReadable(path))
          .filter(LddPeerTest::hasLoader)
          .sorted()
          .toList();
    }
  }

  private static boolean hasLoader(Path path) {
    try (Arena arena = Arena.ofConfined();
        FileChannel file = FileChannel.open(path)) {
      MemorySegment bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
      return ElfFile.isElf(bytes) && ElfFile.read(bytes).interpreter().isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
